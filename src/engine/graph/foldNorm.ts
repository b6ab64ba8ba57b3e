/** Batch norm as it is once training is over: one multiplication and one addition a channel, which a convolution can take in. */
import { normEpsilon } from '../../shared/networkGraph.js'
import type { ConvNode, NormNode } from '../../shared/networkGraph.js'
import { filterShape } from './weightShapes.js'
import { weightOf } from './weights.js'
import type { NamedWeights } from './weights.js'

/** y = factor * x + offset, each [channels]. */
export interface ChannelAffine {
  factor: Float32Array
  offset: Float32Array
}

/** The norm of `node` with its running statistics: factor = scale / sqrt(variance + 1e-5), offset = offset - mean * factor. */
export function normAsAffine(node: ConvNode | NormNode, weights: NamedWeights): ChannelAffine {
  const { channels } = node.output
  const [scale, offset, mean, variance] = ['scale', 'offset', 'mean', 'variance'].map((part) =>
    weightOf(weights, `${node.name}.norm.${part}`, [channels])
  )
  const factor = scale.map((value, channel) => value / Math.sqrt(variance[channel] + normEpsilon))
  return { factor, offset: offset.map((value, channel) => value - mean[channel] * factor[channel]) }
}

/** Kernel [kernel, kernel, in / groups, out] and bias [out] of a convolution. */
export interface Convolution {
  weight: Float32Array
  bias: Float32Array | null
}

/** The convolution of `node` as it is stored, its norm left out. */
export function convolutionOf(node: ConvNode, weights: NamedWeights): Convolution {
  const { name, output } = node
  return {
    weight: weightOf(weights, `${name}.weight`, filterShape(node)),
    bias: node.bias ? weightOf(weights, `${name}.bias`, [output.channels]) : null
  }
}

/** The one convolution that computes what `node`'s convolution and norm compute one after the other. */
export function foldedConvolution(node: ConvNode, weights: NamedWeights): Convolution {
  const plain = convolutionOf(node, weights)
  if (!node.norm) return plain
  const { factor, offset } = normAsAffine(node, weights)
  const { channels } = node.output
  const weight = plain.weight.map((value, index) => value * factor[index % channels])
  const bias = offset.map((value, channel) => value + (plain.bias === null ? 0 : plain.bias[channel] * factor[channel]))
  return { weight, bias }
}
