/** The weights a network starts from. */
import type { NetworkGraph } from '../../shared/networkGraph.js'
import { kaimingNormal } from '../../core/kaimingNormal.js'
import { weightShapes } from './weightShapes.js'
import type { NamedWeights } from './weights.js'

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
  for (const [name, shape] of weightShapes(graph)) {
    const isConvolution = name.endsWith('.weight')
    const data = isConvolution ? kaimingNormal(shape as [number, number, number, number], seed, name) : constant(shape[0], /\.norm\.(scale|variance)$/.test(name) ? 1 : 0)
    weights.set(name, { shape, data })
  }
  return weights
}

function constant(length: number, value: number): Float32Array {
  return new Float32Array(length).fill(value)
}
