import { integerVector } from './constants.js'
import { attribute, call } from './native.js'
import { isRecording, record, share } from './tape.js'
import type { tf } from './tf.js'

const attributes = [attribute.boolean('align_corners', true), attribute.boolean('half_pixel_centers', false)]

/**
 * Bilinear resize with aligned corners: the outer pixels' centres stay where they are (PyTorch's align_corners=True).
 *
 * @param x [N, H, W, C]
 * @param size [height, width] of the output
 */
export function resizeBilinear(x: tf.Tensor4D, size: [number, number]): tf.Tensor4D {
  const output = call<tf.Tensor4D>('ResizeBilinear', [x, integerVector(size)], attributes)
  if (isRecording()) {
    record({
      name: 'resizeBilinear',
      inputs: { x },
      output,
      // The native gradient reads only the shape of x, but wants the tensor.
      saved: [share(x)],
      gradient: (dy, [x]) => ({ x: () => call('ResizeBilinearGrad', [dy, x], attributes) })
    })
  }
  return output
}
