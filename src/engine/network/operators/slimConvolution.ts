/** A slimmable convolution with batch norm: the leading channels of one filter, and the batch norm of the output's width. */
import type { tf } from '../../tensor/tf.js'
import type { Pass } from '../pass.js'

/** What an operator is asked for: everything about its place but the input. */
export interface OperatorSite {
  /** Name of the operator's weights, such as `cells.layer3.scale16.keep.conv`. */
  name: string
  stride: 1 | 2
  outChannels: number
  /** Width of the output in twelfths: chooses the batch norm. */
  outWidth: number
  /** Of how many runs of the operator the batch is made: each has batch moments of its own. */
  runs: number
}

/** One of the convolutions of an operator; `part` is its name below the site. x is [N, H, W, Cin], the result [N, H / stride, W / stride, Cout]. */
export function slimConvolution(pass: Pass, x: tf.Tensor4D, site: OperatorSite, part: string, options: { stride: 1 | 2; relu: boolean }): tf.Tensor4D {
  const name = `${site.name}.${part}`
  return pass.convNorm(name, x, {
    stride: options.stride,
    relu: options.relu,
    inChannels: x.shape[3],
    outChannels: site.outChannels,
    runs: site.runs,
    normName: `${name}.norm${site.outWidth}`
  })
}
