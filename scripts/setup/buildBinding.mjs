/**
 * Compiles tfjs-node's binding (two C++ files) against the TensorFlow in `deps`, with the compiler alone.
 * Not with node-gyp: that needs make and Node's own headers, which it downloads from a place that firewalls often close;
 * the binding only needs the Node-API headers, and those come from npm (node-api-headers).
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { napiVersion, packageFolder, root } from './places.mjs'
import { lastLines, runProgram } from './runProgram.mjs'
import { SetupError } from './setupError.mjs'

/** `libraries` are the file names in deps/lib to link; the result is written to `output`, which must end up in lib/napi-v8. */
export async function buildBinding(compiler, deps, libraries, output) {
  mkdirSync(dirname(output), { recursive: true })
  const backend = join(dirname(output), 'tfjs_backend.cc')
  writeFileSync(backend, forThreads(readFileSync(join(packageFolder, 'binding', 'tfjs_backend.cc'), 'utf8')))
  const mac = process.platform === 'darwin'
  const { code, stderr } = await runProgram(compiler.program, [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', ...(mac ? ['-undefined', 'dynamic_lookup'] : [])],
    ...[`-DNAPI_VERSION=${napiVersion}`, '-DNODE_GYP_MODULE_NAME=tfjs_binding'],
    ...[`-I${packageFolder}`, `-I${join(deps, 'include')}`, `-I${join(root, 'node_modules', 'node-api-headers', 'include')}`],
    `-I${join(packageFolder, 'binding')}`, backend, join(packageFolder, 'binding', 'tfjs_binding.cc'),
    ...libraries.map((file) => join(deps, 'lib', file)),
    ...[`-Wl,-rpath,${mac ? '@loader_path' : '$ORIGIN'}/../../deps/lib`, '-o', output]
  ])
  if (code !== 0) {
    throw new SetupError(`${compiler.program} could not compile the binding:\n${lastLines(stderr, 12)}`, 'A compiler that knows C++17 is needed (g++ 8 or newer).')
  }
  rmSync(backend)
}

/** Changes with what `forThreads` does; a binding that was built otherwise is built anew. */
export const bindingRevision = 2

/**
 * The binding keeps its state per Node environment, so that threads may each load it, but for one set of attribute names that all threads
 * would write to at once. Each thread gets a set of its own.
 */
function forThreads(source) {
  const shared = 'static std::set<std::string> ATTR_NAME_SET;'
  if (!source.includes(shared)) throw new SetupError('tfjs_backend.cc is not the file of tfjs-node 4.22 that we know.', 'Run npm ci again.')
  return source.replace(shared, shared.replace('static', 'static thread_local'))
}
