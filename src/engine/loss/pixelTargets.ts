/** What the losses read off a batch of labels: made once, used for every prediction and pass of a step. */
import { pixelLabels } from '../tensor/crossEntropy.js'
import type { PixelLabels } from '../tensor/crossEntropy.js'
import { tf } from '../tensor/tf.js'

export interface PixelTargets extends PixelLabels {
  /** [P] float32: the weight of the pixel's class, 0 where ignored. */
  weights: tf.Tensor1D
  /** Number of valid pixels, float32. */
  count: tf.Scalar
}

/** labels [N, H, W] int32, 255 ignored; classWeights [C]. Dispose all four parts after the step (a tidy around the step does). */
export function pixelTargets(labels: tf.Tensor3D, classWeights?: tf.Tensor1D): PixelTargets {
  const { classes, valid } = pixelLabels(labels)
  const [weights, count] = tf.tidy(() => [
    classWeights ? (tf.mul(tf.gather(classWeights, classes), valid) as tf.Tensor1D) : (tf.clone(valid) as tf.Tensor1D),
    tf.sum(valid) as tf.Scalar
  ] as const)
  return { classes, valid, weights, count }
}
