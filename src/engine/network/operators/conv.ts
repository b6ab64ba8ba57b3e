/** The operators `conv` and `conv_2x`: one or two 3x3 convolutions, each with batch norm and ReLU (FasterSeg, section 3.1). */
import type { tf } from '../../tensor/tf.js'
import type { Pass } from '../pass.js'
import { slimConvolution, type OperatorSite } from './slimConvolution.js'

export function conv(pass: Pass, x: tf.Tensor4D, site: OperatorSite): tf.Tensor4D {
  return slimConvolution(pass, x, site, 'conv1', { stride: site.stride, relu: true })
}

export function conv2x(pass: Pass, x: tf.Tensor4D, site: OperatorSite): tf.Tensor4D {
  const middle = slimConvolution(pass, x, site, 'conv1', { stride: site.stride, relu: true })
  return slimConvolution(pass, middle, site, 'conv2', { stride: 1, relu: true })
}
