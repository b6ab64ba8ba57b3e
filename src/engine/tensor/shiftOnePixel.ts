import { integerVector, paddings } from './constants.js'
import { call } from './native.js'
import { isRecording, record } from './tape.js'
import type { tf } from './tf.js'

/**
 * Drops the first row and the first column and puts zeros at the end, so that a stride-2 convolution after it sees the other pixels
 * (the factorised reduction of the skip operator).
 *
 * @param x [N, H, W, C]; the output has the same shape
 */
export function shiftOnePixel(x: tf.Tensor4D): tf.Tensor4D {
  const output = cropAndPad(x, 1, [0, 1])
  if (isRecording()) {
    record({
      name: 'shiftOnePixel',
      inputs: { x },
      output,
      saved: [],
      gradient: (dy) => ({ x: () => cropAndPad(dy, 0, [1, 0]) })
    })
  }
  return output
}

/** Takes all but one row and column from `first` on, then pads height and width by `padding`. */
function cropAndPad(x: tf.Tensor, first: 0 | 1, padding: [number, number]): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape
  const begin = integerVector([0, first, first, 0])
  const cropped = call('Slice', [x, begin, integerVector([batch, height - 1, width - 1, channels])])
  const padded = call<tf.Tensor4D>('Pad', [cropped, paddings([[0, 0], padding, padding, [0, 0]])])
  cropped.dispose()
  return padded
}
