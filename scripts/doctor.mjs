/**
 * `npm run doctor`: what this machine has and lacks, and what to do about it. Changes nothing.
 * Exit code 0: everything that the engine needs is there; 1: something needed is missing.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { findCompiler, findPython } from './setup/findTools.mjs'
import { loadTest } from './setup/loadTest.mjs'
import { readMarker } from './setup/marker.mjs'
import { cacheFolder, packageFolder, root } from './setup/places.mjs'
import { runProgram } from './setup/runProgram.mjs'
import { findWindow } from './start/findWindow.mjs'

const gigabyte = 1e9

/** Each check gives { name, state: 'ok' | 'missing' | 'note', found, remedy }; `missing` makes the doctor fail. */
const checks = [node, npm, packages, python, compiler, tensorflow, onnxruntime, built, processor, memory, disk, cache, gpu, window]

function node() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const fits = major > 20 || (major === 20 && minor >= 19)
  return finding('Node', fits, `${process.versions.node}, ${process.platform} ${process.arch}`, 'Node 20.19 or newer is needed: https://nodejs.org')
}

async function npm() {
  const { code, stdout } = await runProgram('npm', ['--version'])
  return finding('npm', code === 0, code === 0 ? stdout.trim() : 'not found', 'It comes with Node.')
}

function packages() {
  return finding('packages', existsSync(join(packageFolder, 'package.json')), 'node_modules', 'Run `npm ci`.')
}

async function python() {
  const found = await findPython()
  const text = found ? `${found.program} ${found.version}, pip ${found.pip}` : 'not found'
  return neededForSetUp('Python with pip', found, text, 'Debian and Ubuntu: `apt-get install python3-pip`. Needed to fetch TensorFlow.')
}

async function compiler() {
  const found = await findCompiler()
  return neededForSetUp('C++ compiler', found, found ? found.version : 'not found', 'Debian and Ubuntu: `apt-get install g++`. Needed to compile the binding.')
}

async function tensorflow() {
  const marker = readMarker()
  if (!marker) return finding('TensorFlow', false, 'not set up', 'Run `npm run setup`.')
  const found = await loadTest()
  if ('failure' in found) return finding('TensorFlow', false, `does not load: ${found.failure}`, 'Run `npm run setup -- --force`.')
  return finding('TensorFlow', true, `${found.version} (${marker.kind}), computes on the ${found.gpu ? 'GPU' : 'CPU'}`)
}

async function onnxruntime() {
  const program = "const ort = require('onnxruntime-node'); console.log(ort.env.versions.node ?? ort.env.versions.common)"
  const { code, stdout, stderr } = await runProgram(process.execPath, ['-e', program], { cwd: root })
  return finding('ONNX Runtime', code === 0, code === 0 ? stdout.trim() : stderr.trim().split('\n')[0], 'Run `npm ci` again.')
}

function built() {
  const there = existsSync(join(root, 'out', 'main', 'cli.cjs')) && existsSync(join(root, 'out', 'main', 'engine.cjs'))
  return note('built program', there, there ? 'out/main' : 'not built', '`npm run build`; `npm run demo` and `npm test` do it themselves.')
}

function processor() {
  const cores = availableParallelism()
  return note('processor', cores >= 2, `${cores} cores, ${cpus()[0]?.model ?? 'unknown'}`, 'With one core everything takes about twice as long.')
}

function memory() {
  const bytes = totalmem()
  return note('memory', bytes > 5 * gigabyte, `${(bytes / gigabyte).toFixed(1)} GB`, 'The demo needs up to 4 GB free.')
}

async function disk() {
  const { bavail, bsize } = await statfs(root)
  const free = Number(bavail) * Number(bsize)
  return note('disk', free > 3 * gigabyte, `${(free / gigabyte).toFixed(1)} GB free`, 'The set-up needs 3 GB (--gpu: 12 GB), each run some more.')
}

function cache() {
  const there = existsSync(cacheFolder())
  return note('cache of downloads', true, there ? cacheFolder() : `${cacheFolder()} (empty)`)
}

function gpu() {
  const answer = spawnSync('nvidia-smi', ['--query-gpu=name,driver_version', '--format=csv,noheader'], { encoding: 'utf8' })
  const there = answer.status === 0
  const used = !there || readMarker()?.kind === 'gpu'
  return note('NVIDIA GPU', used, there ? answer.stdout.trim().split('\n')[0] : 'none; the CPU is used', '`npm run setup -- --gpu` brings the CUDA build (docs/setup.md).')
}

/** Electron and a display: good to have, and there is a way without. */
function window() {
  const found = findWindow()
  const there = 'electron' in found
  return note('window', there, there ? found.electron : `none: ${found.missing}`, '`npm start` serves the same pages to a browser instead (docs/setup.md).')
}

function finding(name, fine, found, remedy = '') {
  return { name, state: fine ? 'ok' : 'missing', found, remedy: fine ? '' : remedy }
}

function note(name, fine, found, remedy = '') {
  return { name, state: fine ? 'ok' : 'note', found, remedy: fine ? '' : remedy }
}

/** What only the set-up uses is a mere note once TensorFlow is there. */
function neededForSetUp(name, there, found, remedy) {
  return readMarker() ? note(name, there, found, remedy) : finding(name, there, found, remedy)
}

const findings = []
for (const check of checks) findings.push(await check())

const width = Math.max(...findings.map(({ name }) => name.length))
for (const { name, state, found, remedy } of findings) {
  process.stdout.write(`${state.padEnd(7)}  ${name.padEnd(width)}  ${found}\n`)
  if (remedy) process.stdout.write(`${' '.repeat(9 + width)}  -> ${remedy}\n`)
}
const missing = findings.filter(({ state }) => state === 'missing').map(({ name }) => name)
process.stdout.write(missing.length > 0 ? `\nMissing: ${missing.join(', ')}.\n` : '\nEverything that is needed is here.\n')
process.exitCode = missing.length > 0 ? 1 : 0
