import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process'
import { afterEach, expect, it } from 'vitest'
import { openBackend } from '../../../src/engine/tensor/backend.js'
import { engineEnvironment } from '../../../src/shared/engineEnvironment.js'
import { tf } from '../../../src/engine/tensor/tf.js'

const original = { ...process.env }
afterEach(() => { process.env = { ...original } })

it('opens under the environment that engineEnvironment gives', () => {
  Object.assign(process.env, engineEnvironment({ threads: 2, oneDnn: false }))
  const fingerprint = openBackend({ threads: 2, oneDnn: false, cellscope: '1.2.3' })
  expect(fingerprint).toMatchObject({ cellscope: '1.2.3', threads: 2, oneDnn: false })
  expect(fingerprint.tensorflow).toMatch(/^2\.\d+\.\d+/)
  expect(fingerprint.cpu).not.toBe('')
  expect(tf.getBackend()).toBe('tensorflow')
})

it.each([
  ['TF_NUM_INTRAOP_THREADS', { threads: 3, oneDnn: false }],
  ['TF_ENABLE_ONEDNN_OPTS', { threads: 2, oneDnn: true }]
])('says that %s differs', (name, wanted) => {
  Object.assign(process.env, engineEnvironment({ threads: 2, oneDnn: false }))
  expect(() => openBackend(wanted)).toThrow(expect.objectContaining({ code: 'engine.unavailable', message: expect.stringContaining(name) }))
})

it('says that the variables are not set at all', () => {
  delete process.env.TF_DETERMINISTIC_OPS
  Object.assign(process.env, { TF_NUM_INTRAOP_THREADS: '1', TF_ENABLE_ONEDNN_OPTS: '0' })
  expect(() => openBackend({ threads: 1, oneDnn: false })).toThrow('TF_DETERMINISTIC_OPS=(unset)')
})

it('two processes started with engineEnvironment compute the same bits', () => {
  const script = `
    const util = require('util'); util.isNullOrUndefined ??= (value) => value == null
    const tf = require('@tensorflow/tfjs-node-gpu')
    const x = tf.randomNormal([2, 16, 16, 32], 0, 1, 'float32', 1), w = tf.randomNormal([3, 3, 32, 32], 0, 1, 'float32', 2)
    const g = tf.grad((w) => x.conv2d(w, 1, 'same').square().sum())(w)
    process.stdout.write(Buffer.from(g.dataSync().buffer).toString('base64'))`
  const environment = { ...process.env, ...engineEnvironment({ threads: 2, oneDnn: true }) }
  const options: ExecFileSyncOptionsWithStringEncoding = { env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }
  const run = (): string => execFileSync(process.execPath, ['-e', script], options)
  const first = run()
  expect(first.length).toBeGreaterThan(1000)
  expect(run()).toBe(first)
})
