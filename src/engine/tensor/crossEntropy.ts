import { integerVector } from './constants.js'
import { call, callMany } from './native.js'
import { isRecording, record, share } from './tape.js'
import { tf } from './tf.js'

/** The label of pixels that have no class. */
export const ignoreLabel = 255

/** Labels as the native kernel takes them: made once, used for every head and pass of a step. */
export interface PixelLabels {
  /** [P] int32, 0 where ignored. */
  classes: tf.Tensor1D
  /** [P] float32: 1 where a class is known, 0 where ignored. */
  valid: tf.Tensor1D
}

/** Prepares labels [N, H, W] (int32, ignore = 255) for crossEntropy. Dispose both parts after the step. */
export function pixelLabels(labels: tf.Tensor3D): PixelLabels {
  return tf.tidy(() => {
    const flat = labels.flatten()
    const known = flat.notEqual(tf.scalar(ignoreLabel, 'int32'))
    return { classes: flat.mul(known.cast('int32')) as tf.Tensor1D, valid: known.cast('float32') as tf.Tensor1D }
  })
}

/**
 * Softmax cross-entropy of every pixel, in nats; 0 where the label is 255. One tape node, differentiable in the logits.
 *
 * @param logits [N, H, W, C]
 * @param labels [N, H, W] int32 with values 0..C-1 or 255, or the same prepared by pixelLabels
 * @returns [N * H * W]
 */
export function crossEntropy(logits: tf.Tensor4D, labels: tf.Tensor3D | PixelLabels): tf.Tensor1D {
  const owned = 'classes' in labels ? undefined : pixelLabels(labels)
  const { classes, valid } = owned ?? (labels as PixelLabels)
  const channels = logits.shape[3]
  const flatLogits = call('Reshape', [logits, integerVector([logits.size / channels, channels])])
  const [loss, softmaxMinusTruth] = callMany('SparseSoftmaxCrossEntropyWithLogits', [flatLogits, classes], 2)
  const output = call<tf.Tensor1D>('Mul', [loss, valid])
  tf.dispose([flatLogits, loss])
  if (isRecording()) {
    const shape = logits.shape
    record({
      name: 'crossEntropy',
      inputs: { logits },
      output,
      saved: [tf.keep(softmaxMinusTruth), share(valid)],
      gradient: (dy, saved) => ({ logits: () => logitsGradient(dy, saved[0], saved[1], shape) })
    })
  } else {
    softmaxMinusTruth.dispose()
  }
  if (owned !== undefined) tf.dispose([owned.classes, owned.valid])
  return output
}

function logitsGradient(dy: tf.Tensor, softmaxMinusTruth: tf.Tensor, valid: tf.Tensor, shape: number[]): tf.Tensor {
  const dLoss = call('Mul', [dy, valid])
  const column = call('Reshape', [dLoss, integerVector([dLoss.size, 1])])
  const flat = call('Mul', [softmaxMinusTruth, column])
  const gradient = call('Reshape', [flat, integerVector(shape)])
  tf.dispose([dLoss, column, flat])
  return gradient
}
