/** From logits to a mask of the original image. */
import { tf } from './tf.js'

/**
 * Likeliest class of every pixel of one image. Logits [1, H, W, C] of an image that was padded below and on the right are cropped back to
 * height x width first. [height * width]
 */
export function predictedMask(logits: tf.Tensor4D, height: number, width: number): Uint8Array {
  const [batch, rows, columns] = logits.shape
  if (batch !== 1 || rows < height || columns < width) {
    throw new RangeError(`predictedMask: expected logits [1, >= ${height}, >= ${width}, C], found [${logits.shape.join(', ')}]`)
  }
  const classes = tf.tidy(() => {
    const padded = rows !== height || columns !== width
    return tf.argMax(padded ? tf.slice(logits, [0, 0, 0, 0], [1, height, width, -1]) : logits, 3)
  })
  const mask = Uint8Array.from(classes.dataSync())
  classes.dispose()
  return mask
}
