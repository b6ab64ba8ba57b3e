/** The weights a network starts from. */
import type { NetworkGraph } from '../../shared/networkGraph.js'
import { randomStream } from '../../core/random.js'
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
    const data = isConvolution ? kaimingNormal(shape, seed, name) : constant(shape[0], /\.norm\.(scale|variance)$/.test(name) ? 1 : 0)
    weights.set(name, { shape, data })
  }
  return weights
}

/** `shape` is [kernel, kernel, in, out]; the fan in is everything but `out`. */
function kaimingNormal(shape: number[], seed: number, name: string): Float32Array {
  const fanIn = shape[0] * shape[1] * shape[2]
  const deviation = Math.sqrt(2 / fanIn)
  const random = randomStream(seed, `initial-weights/${name}`)
  const data = new Float32Array(fanIn * shape[3])
  for (let index = 0; index < data.length; index++) data[index] = random.normal() * deviation
  return data
}

function constant(length: number, value: number): Float32Array {
  return new Float32Array(length).fill(value)
}
