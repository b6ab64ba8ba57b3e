/** The weights a network starts from. */
import type { ConvNode, NetworkGraph, NormNode } from '../../shared/networkGraph.js'
import { randomStream } from '../../core/random.js'
import type { NamedWeights, Weight } from './weights.js'

/**
 * Fresh weights for every layer of `graph`, named as in shared/networkGraph.ts, in the order of the nodes.
 *
 * Convolutions are Kaiming normal, fan in, for ReLU: standard deviation sqrt(2 / (kernel * kernel * inChannels)) (He et al. 2015, as in the
 * published FasterSeg). Biases are 0. Norms have scale 1, offset 0, mean 0, variance 1.
 *
 * A weight is a function of the seed and of its own name, so a layer that is added or removed leaves all others as they were.
 */
export function initialWeights(graph: NetworkGraph, seed: number): NamedWeights {
  const weights: NamedWeights = new Map()
  for (const node of graph.nodes) {
    if (node.kind === 'conv') addConvolution(weights, node, seed)
    if (node.kind === 'norm') addNorm(weights, node)
  }
  return weights
}

function addConvolution(weights: NamedWeights, node: ConvNode, seed: number): void {
  const { name, kernel, inChannels, output } = node
  weights.set(`${name}.weight`, kaimingNormal([kernel, kernel, inChannels, output.channels], seed, `initial-weights/${name}`))
  if (node.bias) weights.set(`${name}.bias`, constant(output.channels, 0))
  if (node.norm) addNorm(weights, node)
}

function addNorm(weights: NamedWeights, node: ConvNode | NormNode): void {
  const { channels } = node.output
  weights.set(`${node.name}.norm.scale`, constant(channels, 1))
  weights.set(`${node.name}.norm.offset`, constant(channels, 0))
  weights.set(`${node.name}.norm.mean`, constant(channels, 0))
  weights.set(`${node.name}.norm.variance`, constant(channels, 1))
}

/** `shape` is [kernel, kernel, in, out]; the fan in is everything but `out`. */
export function kaimingNormal(shape: number[], seed: number, stream: string): Weight {
  const fanIn = shape[0] * shape[1] * shape[2]
  const deviation = Math.sqrt(2 / fanIn)
  const random = randomStream(seed, stream)
  const data = new Float32Array(fanIn * shape[3])
  for (let index = 0; index < data.length; index++) data[index] = random.normal() * deviation
  return { shape, data }
}

function constant(length: number, value: number): Weight {
  return { shape: [length], data: new Float32Array(length).fill(value) }
}
