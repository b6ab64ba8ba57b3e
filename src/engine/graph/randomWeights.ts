/** Weights as after some training, for timing and for tests: nothing is 0 or 1, so nothing can be left out unnoticed. */
import type { NetworkGraph } from '../../shared/networkGraph.js'
import { randomStream } from '../../core/random.js'
import type { RandomStream } from '../../core/random.js'
import { initialWeights } from './initialWeights.js'
import type { NamedWeights } from './weights.js'

const draws: Record<string, (random: RandomStream) => number> = {
  bias: (random) => 0.1 * random.normal(),
  scale: (random) => 0.5 + random.uniform(),
  offset: (random) => 0.1 * random.normal(),
  mean: (random) => 0.1 * random.normal(),
  variance: (random) => 0.5 + random.uniform()
}

/** Kaiming convolutions as `initialWeights`, with random biases, norm scales and offsets, and batch statistics. Named as there. */
export function randomWeights(graph: NetworkGraph, seed: number): NamedWeights {
  const weights = initialWeights(graph, seed)
  for (const [name, { data }] of weights) {
    const draw = draws[name.slice(name.lastIndexOf('.') + 1)]
    if (draw === undefined) continue
    const random = randomStream(seed, `random-weights/${name}`)
    for (let index = 0; index < data.length; index++) data[index] = draw(random)
  }
  return weights
}
