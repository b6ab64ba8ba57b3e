import { attribute, call, callMany } from './native.js'
import { tf } from './tf.js'

/**
 * A batch as `parts` batches of the same size, one after the other. TensorFlow copies nothing where a part begins at a multiple of 64
 * bytes: the parts are views of the batch's memory. Not recorded on the tape.
 */
export function splitBatch(batch: tf.Tensor, parts: number): tf.Tensor[] {
  return callMany('Split', [batchAxis(), batch], parts, [attribute.integer('num_split', parts), attribute.floatType('T')])
}

/** The parts as one batch. Not recorded on the tape. */
export function joinBatch(parts: readonly tf.Tensor[]): tf.Tensor {
  return call('ConcatV2', [...parts, batchAxis()], [attribute.integer('N', parts.length), attribute.floatType('T'), attribute.integerType('Tidx')])
}

let axis: tf.Tensor | undefined

function batchAxis(): tf.Tensor {
  axis ??= tf.keep(tf.scalar(0, 'int32'))
  return axis
}
