/**
 * The zoomed convolutions `conv_downup` and `conv_2x_downup` (FasterSeg, section 3.1): half the resolution, convolve, and back; at stride 2
 * they stay at half. All resizes are bilinear with aligned corners; the last ReLU comes after the way back, as in the published code.
 */
import { relu } from '../../tensor/relu.js'
import { resizeBilinear } from '../../tensor/resizeBilinear.js'
import type { tf } from '../../tensor/tf.js'
import type { Pass } from '../pass.js'
import { slimConvolution, type OperatorSite } from './slimConvolution.js'

/** The map at half its size, which both zoomed operators (and both strides) read. */
export function halved(x: tf.Tensor4D): tf.Tensor4D {
  return resizeBilinear(x, [Math.max(1, Math.floor(x.shape[1] / 2)), Math.max(1, Math.floor(x.shape[2] / 2))])
}

export function zoomedConv(pass: Pass, half: tf.Tensor4D, site: OperatorSite, fullSize: [number, number]): tf.Tensor4D {
  const back = site.stride === 1
  const y = slimConvolution(pass, half, site, 'conv1', { stride: 1, relu: !back })
  return back ? relu(resizeBilinear(y, fullSize)) : y
}

export function zoomedConv2x(pass: Pass, half: tf.Tensor4D, site: OperatorSite, fullSize: [number, number]): tf.Tensor4D {
  const back = site.stride === 1
  const middle = slimConvolution(pass, half, site, 'conv1', { stride: 1, relu: true })
  const y = slimConvolution(pass, middle, site, 'conv2', { stride: 1, relu: !back })
  return back ? relu(resizeBilinear(y, fullSize)) : y
}
