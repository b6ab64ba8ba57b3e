/**
 * Compiles tfjs-node's binding (two C++ files) against the TensorFlow in `deps`, with the compiler alone.
 * Not with node-gyp: that needs make and Node's own headers, which it downloads from a place that firewalls often close;
 * the binding only needs the Node-API headers, and those come from npm (node-api-headers).
 */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { napiVersion, packageFolder, root } from './places.mjs'
import { lastLines, runProgram } from './runProgram.mjs'
import { SetupError } from './setupError.mjs'

/** `libraries` are the file names in deps/lib to link; the result is written to `output`, which must end up in lib/napi-v8. */
export async function buildBinding(compiler, deps, libraries, output) {
  mkdirSync(dirname(output), { recursive: true })
  const mac = process.platform === 'darwin'
  const { code, stderr } = await runProgram(compiler.program, [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', ...(mac ? ['-undefined', 'dynamic_lookup'] : [])],
    ...[`-DNAPI_VERSION=${napiVersion}`, '-DNODE_GYP_MODULE_NAME=tfjs_binding'],
    ...[`-I${packageFolder}`, `-I${join(deps, 'include')}`, `-I${join(root, 'node_modules', 'node-api-headers', 'include')}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(packageFolder, 'binding', file)),
    ...libraries.map((file) => join(deps, 'lib', file)),
    ...[`-Wl,-rpath,${mac ? '@loader_path' : '$ORIGIN'}/../../deps/lib`, '-o', output]
  ])
  if (code !== 0) {
    throw new SetupError(`${compiler.program} could not compile the binding:\n${lastLines(stderr, 12)}`, 'A compiler that knows C++17 is needed (g++ 8 or newer).')
  }
}
