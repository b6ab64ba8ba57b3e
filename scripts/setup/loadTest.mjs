/**
 * Loads TensorFlow in a process of its own and lets it compute a convolution, for a library that does not fit may end its process.
 * Run as a program it is that process, and prints { version, gpu, sum } as JSON.
 */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { lastLines, runProgram } from './runProgram.mjs'

/** @returns {Promise<{ version: string, gpu: boolean } | { failure: string }>} */
export async function loadTest() {
  const { code, stdout, stderr } = await runProgram(process.execPath, [fileURLToPath(import.meta.url)], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '2' }
  })
  if (code !== 0) return { failure: lastLines(stderr) || `it ended with code ${code}` }
  const { version, gpu, sum } = JSON.parse(stdout.trim().split('\n').pop() ?? '{}')
  // A 3x3 kernel of ones over a 4x4 map of ones without padding: four pixels of 9.
  return sum === 36 ? { version, gpu } : { failure: `it computed ${sum} where 36 is right` }
}

function compute() {
  const require = createRequire(import.meta.url)
  const util = require('node:util')
  // Node 23 removed it, tfjs-node 4.22 calls it.
  util.isNullOrUndefined ??= (value) => value === null || value === undefined
  const tf = require('@tensorflow/tfjs-node-gpu')
  const backend = tf.backend()
  const sum = tf.tidy(() => tf.conv2d(tf.ones([1, 4, 4, 1]), tf.ones([3, 3, 1, 1]), 1, 'valid').sum().dataSync()[0])
  process.stdout.write(`${JSON.stringify({ version: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice === true, sum })}\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) compute()
