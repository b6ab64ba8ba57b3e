import { integerVector } from './constants.js'
import { attribute, call, type Attribute } from './native.js'
import { tf } from './tf.js'

const attributes: Attribute[] = [attribute.string('method', 'bilinear'), attribute.float('extrapolation_value', 0)]

/**
 * A part of one map, enlarged or shrunk bilinearly; not differentiable. The corners of the box are the centres of the corner pixels of the
 * result; 0 outside of the map.
 *
 * @param x [1, H, W, C]
 * @param box [top, left, bottom, right], 0 the first row or column and 1 the last; exchanged ends mirror
 * @returns [1, height, width, C]
 */
export function cropResize(x: tf.Tensor4D, box: readonly [number, number, number, number], [height, width]: [number, number]): tf.Tensor4D {
  const boxes = tf.tensor2d([...box], [1, 4])
  const first = tf.tensor1d([0], 'int32')
  const result = call<tf.Tensor4D>('CropAndResize', [x, boxes, first, integerVector([height, width])], attributes)
  tf.dispose([boxes, first])
  return result
}
