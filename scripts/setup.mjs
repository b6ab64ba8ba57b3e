/**
 * Brings native TensorFlow to Node. `npm run setup [-- --gpu | --cpu] [-- --force]`; `npm run demo` and `npm test` call it first.
 *
 * fetch -> unpack beside -> compile beside -> put in place -> load and compute -> marker. Whatever breaks before the marker is done
 * anew next time; what was fetched stays in the cache. With the marker there, it is over in a moment.
 */
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildBinding } from './setup/buildBinding.mjs'
import { sha256 } from './setup/fetchWheel.mjs'
import { requireCompiler } from './setup/findTools.mjs'
import { loadTest } from './setup/loadTest.mjs'
import { hasMarker, readMarker, removeMarker, writeMarker } from './setup/marker.mjs'
import { bindingFile, napiVersion, packageFolder } from './setup/places.mjs'
import { say } from './setup/progress.mjs'
import { SetupError } from './setup/setupError.mjs'
import { takeLock } from './setup/setupLock.mjs'
import { linkFolder, unpackWheels, wheels } from './setup/tensorflowSource.mjs'

const oldestNode = [20, 19]

async function main() {
  const { values: flags } = parseArgs({ options: { gpu: { type: 'boolean' }, cpu: { type: 'boolean' }, force: { type: 'boolean' }, brief: { type: 'boolean' } } })
  checkNode()
  checkPackage()
  const wanted = choose(flags)
  const marker = readMarker()
  if (marker && !flags.force && fits(marker, wanted)) {
    if (!flags.brief) say(`TensorFlow ${marker.tensorflow} (${marker.kind}) is set up. Once more from the start: npm run setup -- --force`)
    return
  }
  const release = takeLock()
  try {
    if (flags.force || hasMarker() || !(await adopt(wanted))) await setUp(wanted)
  } finally {
    release()
  }
}

/** The kind that flags and environment ask for; `any` accepts what is there and fetches the CPU build where nothing is. */
function choose(flags) {
  if (flags.gpu) return { kind: 'gpu', any: false }
  if (flags.cpu) return { kind: 'cpu', any: false }
  const folder = process.env.CELLSCOPE_TENSORFLOW
  return folder ? { kind: 'folder', folder, any: false } : { kind: 'cpu', any: true }
}

function fits(marker, wanted) {
  if (wanted.any) return true
  return marker.kind === wanted.kind && (wanted.kind !== 'folder' || marker.source === wanted.folder)
}

async function setUp(wanted) {
  say(`Setting up TensorFlow ${wanted.folder ? `from ${wanted.folder}` : `${wheels.tensorflow} (${wanted.kind})`}; this is done once.`)
  const compiler = await requireCompiler()
  removeLeftovers()
  const beside = join(packageFolder, `new-${process.pid}`)
  const deps = join(beside, 'deps')
  const libraries = wanted.folder ? linkFolder(wanted.folder, deps) : await unpackWheels(wanted.kind, deps)
  say('  compiling the binding')
  await buildBinding(compiler, deps, libraries, join(beside, 'lib', `napi-v${napiVersion}`, 'tfjs_binding.node'))
  removeMarker()
  putInPlace(join(packageFolder, 'deps'), deps)
  putInPlace(dirname(bindingFile), join(beside, 'lib', `napi-v${napiVersion}`))
  removeLeftovers()
  await proveAndMark(wanted, libraries)
}

/** A TensorFlow that stands there without our marker (put there by hand) is taken if it is the one we know and computes. */
async function adopt(wanted) {
  const libraries = join(packageFolder, 'deps', 'lib')
  if (wanted.kind !== 'cpu' || !existsSync(bindingFile) || !existsSync(libraries) || lstatSync(libraries).isSymbolicLink()) return false
  for (const [file, hash] of Object.entries(wheels.cpuLibraries)) {
    const path = join(libraries, file)
    if (!existsSync(path) || (await sha256(path)) !== hash) return false
  }
  if ('failure' in (await loadTest())) return false
  await proveAndMark(wanted, Object.keys(wheels.cpuLibraries))
  return true
}

async function proveAndMark(wanted, libraries) {
  say('  loading it and computing a convolution')
  const found = await loadTest()
  if ('failure' in found) {
    throw new SetupError(`TensorFlow was put in place, but could not be loaded: ${found.failure}`, 'See docs/setup.md; `npm run doctor` says what this machine lacks.')
  }
  writeMarker({ kind: wanted.kind, source: wanted.folder ?? '', tensorflow: found.version, libraries })
  say(`TensorFlow ${found.version} is set up (${found.gpu ? 'it computes on the GPU' : 'it computes on the CPU'}).`)
  if (wanted.kind === 'gpu' && !found.gpu) say('The CUDA build loads, but it sees no GPU: check the NVIDIA driver with `nvidia-smi`.')
}

function putInPlace(place, fresh) {
  const old = join(packageFolder, `old-${process.pid}-${place.length}`)
  if (isThere(place)) renameSync(place, old)
  mkdirSync(dirname(place), { recursive: true })
  renameSync(fresh, place)
}

/** existsSync says no to a link whose target is gone. */
function isThere(path) {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** What an earlier set-up that was ended half-way left behind. */
function removeLeftovers() {
  for (const name of readdirSync(packageFolder)) {
    if (/^(new|old)-\d+/.test(name)) rmSync(join(packageFolder, name), { recursive: true, force: true })
  }
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  throw new SetupError(`Node ${process.versions.node} is too old; ${oldestNode.join('.')} or newer is needed.`, 'Get it from https://nodejs.org, then run `npm ci` again.')
}

function checkPackage() {
  if (existsSync(join(packageFolder, 'package.json'))) return
  throw new SetupError('The packages of this project are not installed.', 'Run `npm ci` first.')
}

main().catch((error) => {
  say(error instanceof SetupError ? `\nSet-up: ${error.message}\n${error.remedy}` : `\nSet-up failed: ${error.stack}`)
  process.exitCode = 1
})
