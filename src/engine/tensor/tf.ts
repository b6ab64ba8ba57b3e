/** The one place that loads TensorFlow. Everything else in the engine takes `tf` from here. */
import { createRequire } from 'node:module'
import type * as tensorflow from '@tensorflow/tfjs-node-gpu'
import { AppError } from '../../shared/errors.js'

/** The tfjs namespace, on the native backend. Importing this file throws AppError engine.unavailable when TensorFlow cannot be loaded. */
export const tf: typeof tensorflow = load()

/** The types of the same name, so that `tf.Tensor4D` reads as usual. */
export declare namespace tf {
  export type Tensor<R extends tensorflow.Rank = tensorflow.Rank> = tensorflow.Tensor<R>
  export type Scalar = tensorflow.Scalar
  export type Tensor1D = tensorflow.Tensor1D
  export type Tensor2D = tensorflow.Tensor2D
  export type Tensor3D = tensorflow.Tensor3D
  export type Tensor4D = tensorflow.Tensor4D
  export type TensorInfo = tensorflow.TensorInfo
  export type TensorContainer = tensorflow.TensorContainer
  export type NamedTensorMap = tensorflow.NamedTensorMap
  export type Variable<R extends tensorflow.Rank = tensorflow.Rank> = tensorflow.Variable<R>
  export type Rank = tensorflow.Rank
  export type DataType = tensorflow.DataType
  export type MemoryInfo = tensorflow.MemoryInfo
  export type GradSaveFunc = tensorflow.GradSaveFunc
}

function load(): typeof tensorflow {
  // The bundle is CommonJS, where import.meta is empty; vitest and Node's ESM have no __filename.
  const require = createRequire(typeof __filename === 'string' ? __filename : import.meta.url)
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  restoreIsNullOrUndefined(require('node:util') as Record<string, unknown>)
  const loaded = requireBinding(require)
  if (loaded.getBackend() !== 'tensorflow') {
    throw new AppError('engine.unavailable', `TensorFlow was loaded, but its backend is "${loaded.getBackend()}" and not "tensorflow".`)
  }
  return loaded
}

/** tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 removed. */
function restoreIsNullOrUndefined(util: Record<string, unknown>): void {
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
}

function requireBinding(require: NodeJS.Require): typeof tensorflow {
  try {
    return require('@tensorflow/tfjs-node-gpu') as typeof tensorflow
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    throw new AppError('engine.unavailable', `TensorFlow could not be loaded: ${reason}`, { cause })
  }
}
