/**
 * The skip connection. In the supernet it must change channels, so at stride 1 it is a 1x1 convolution with batch norm and ReLU
 * (a derived network deletes it). At stride 2 two 1x1 convolutions read the even and the odd pixels and each make half of the channels.
 */
import { shiftOnePixel } from '../../tensor/shiftOnePixel.js'
import { tf } from '../../tensor/tf.js'
import type { Pass } from '../pass.js'
import { slimConvolution, type OperatorSite } from './slimConvolution.js'

export function skip(pass: Pass, x: tf.Tensor4D, site: OperatorSite): tf.Tensor4D {
  if (site.stride === 1) return slimConvolution(pass, x, site, 'conv1', { stride: 1, relu: true })
  const even = pass.convolution(`${site.name}.even`, x, { stride: 2, bias: false, inChannels: x.shape[3], outChannels: Math.ceil(site.outChannels / 2) })
  const odd = pass.convolution(`${site.name}.odd`, shiftOnePixel(x), { stride: 2, bias: false, inChannels: x.shape[3], outChannels: Math.floor(site.outChannels / 2) })
  return pass.norm(`${site.name}.norm${site.outWidth}`, tf.concat([even, odd], 3), true, site.runs)
}
