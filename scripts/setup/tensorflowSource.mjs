/** The two ways to TensorFlow's libraries and headers: out of wheels, or from a folder that the person names. */
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requirePython } from './findTools.mjs'
import { fetchWheel } from './fetchWheel.mjs'
import { cacheFolder } from './places.mjs'
import { say } from './progress.mjs'
import { lastLines, runProgram } from './runProgram.mjs'
import { SetupError } from './setupError.mjs'

export const wheels = JSON.parse(readFileSync(new URL('wheels.json', import.meta.url), 'utf8'))

/** Fills `deps` with lib/ and include/ out of the wheels of `kind`; gives the names of the libraries to link. */
export async function unpackWheels(kind, deps) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      `TensorFlow is fetched for Linux on x86-64 only; this is ${process.platform} on ${process.arch}.`,
      'Name a folder that has TensorFlow in the variable CELLSCOPE_TENSORFLOW (docs/setup.md).'
    )
  }
  const python = await requirePython()
  mkdirSync(deps, { recursive: true })
  for (const wheel of wheels[kind]) {
    const file = await fetchWheel(wheel, wheels.target, python, cacheFolder())
    say(`  unpacking ${wheel.requirement}`)
    const { code, stderr } = await runProgram(python.program, [fileURLToPath(new URL('unpack.py', import.meta.url)), file, deps])
    if (code !== 0) throw new SetupError(`${wheel.file} could not be unpacked: ${lastLines(stderr, 1)}`, 'Check that the disk has 3 GB free (--gpu: 12 GB), then run the set-up again.')
  }
  return ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']
}

const libraryChoices = [
  ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  ['libtensorflow.so.2', 'libtensorflow_framework.so.2'],
  ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
  ['libtensorflow.2.dylib', 'libtensorflow_framework.2.dylib']
]

/** Points `deps` at a TensorFlow that is already on this machine; nothing is copied. Gives the names of the libraries to link. */
export function linkFolder(folder, deps) {
  const places = [resolve(folder), resolve(folder, 'lib'), resolve(folder, 'tensorflow')]
  for (const place of places) {
    const libraries = libraryChoices.find((choice) => choice.every((file) => existsSync(join(place, file))))
    if (!libraries) continue
    const headers = [join(place, 'include'), join(dirname(place), 'include')].find((path) => existsSync(join(path, 'tensorflow', 'c', 'c_api.h')))
    if (!headers) {
      throw new SetupError(`${place} has TensorFlow's libraries, but no include/tensorflow/c/c_api.h is beside them.`, 'Put the headers of the same TensorFlow into an include folder there.')
    }
    mkdirSync(deps, { recursive: true })
    symlinkSync(realpathSync(place), join(deps, 'lib'))
    symlinkSync(realpathSync(headers), join(deps, 'include'))
    return libraries
  }
  throw new SetupError(
    `CELLSCOPE_TENSORFLOW names ${folder}, where no libtensorflow_cc.so.2 or libtensorflow.so.2 with its libtensorflow_framework.so.2 was found.`,
    'Name the folder that holds the two libraries, for instance site-packages/tensorflow of a Python that has TensorFlow 2.21.'
  )
}
