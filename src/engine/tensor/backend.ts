import { cpus } from 'node:os'
import { AppError } from '../../shared/errors.js'
import type { Fingerprint } from '../../shared/protocol.js'
import { engineEnvironment, type EngineNumerics } from '../../shared/engineEnvironment.js'
import { nativeBackend } from './native.js'

export interface BackendOptions extends EngineNumerics {
  /** Version of Cellscope, from package.json. */
  cellscope?: string
}

/** What TensorFlow reads while it loads and what decides a result's bits. The others of engineEnvironment only decide what it prints. */
const decisive = ['TF_NUM_INTRAOP_THREADS', 'TF_ENABLE_ONEDNN_OPTS', 'TF_DETERMINISTIC_OPS'] as const

/**
 * Checks that this process was started with the environment that `threads` and `oneDnn` ask for, and says what a result's bits depend on.
 *
 * @throws AppError engine.unavailable when the process was started otherwise
 */
export function openBackend({ threads, oneDnn, cellscope = 'unknown' }: BackendOptions): Fingerprint {
  const expected = engineEnvironment({ threads, oneDnn })
  for (const name of decisive) {
    const found = process.env[name]
    if (found !== expected[name]) {
      throw new AppError(
        'engine.unavailable',
        `The engine was started with ${name}=${found ?? '(unset)'}, but these settings need ${name}=${expected[name]}.`,
        { hint: 'Start the engine process with the variables of engineEnvironment: TensorFlow reads them only while it loads.' }
      )
    }
  }
  return {
    cellscope,
    tensorflow: nativeBackend.binding.TF_Version,
    threads,
    oneDnn,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    device: nativeBackend.isUsingGpuDevice ? 'gpu' : 'cpu'
  }
}
