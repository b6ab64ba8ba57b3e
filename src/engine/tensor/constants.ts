/** Small tensors that kernels need again and again (shapes, axes, paddings). They live as long as the process: a few bytes each. */
import { tf } from './tf.js'

const constants = new Map<string, tf.Tensor>()

/** An int32 vector. Never dispose it. */
export function integerVector(values: readonly number[]): tf.Tensor {
  return cached(`i${values.join()}`, () => tf.tensor1d(values as number[], 'int32'))
}

/** An int32 matrix of (before, after) pairs, as Pad takes it. Never dispose it. */
export function paddings(pairs: readonly (readonly [number, number])[]): tf.Tensor {
  return cached(`p${pairs.join()}`, () => tf.tensor2d(pairs.flat(), [pairs.length, 2], 'int32'))
}

/** A float vector without elements: FusedBatchNorm takes it in place of running statistics. Never dispose it. */
export function emptyVector(): tf.Tensor {
  return cached('e', () => tf.tensor1d([], 'float32'))
}

function cached(key: string, make: () => tf.Tensor): tf.Tensor {
  let tensor = constants.get(key)
  if (tensor === undefined) {
    tensor = tf.keep(make())
    constants.set(key, tensor)
  }
  return tensor
}
