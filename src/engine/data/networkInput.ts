/** A sample as a network takes it: normalised, padded below and on the right to multiples of 32. */
import type { Sample } from './dataset.js'
import { normaliseInto } from './normalisation.js'
import { tf } from '../tensor/tf.js'

/** The padded side: the coarsest map is at 1/32. */
export function paddedSide(pixels: number): number {
  return Math.ceil(pixels / 32) * 32
}

/** [1, H', W', 3]; the padding is 0, which is the mean colour. */
export function networkInput({ image, height, width }: Sample): tf.Tensor4D {
  const paddedHeight = paddedSide(height)
  const paddedWidth = paddedSide(width)
  const values = new Float32Array(paddedHeight * paddedWidth * 3)
  normaliseInto(values, 0, paddedWidth, image, height, width)
  return tf.tensor4d(values, [1, paddedHeight, paddedWidth, 3])
}
