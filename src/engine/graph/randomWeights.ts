/** Weights as after some training, for timing and for tests: nothing is 0 or 1, so nothing can be left out unnoticed. */
import type { NetworkGraph } from '../../shared/networkGraph.js'
import { randomStream } from '../../core/random.js'
import { weightShapes } from './weightShapes.js'
import type { NamedWeights } from './weights.js'

/** Numbers are drawn once and used over and over from different starts: a latency table needs some hundred million of them. */
const poolSize = 1 << 16

/** From a standard normal number to the value of a bias or a norm's part. */
const statistics: Record<string, (normal: number) => number> = {
  bias: (normal) => 0.1 * normal,
  scale: (normal) => 0.6 + 0.3 * Math.abs(normal),
  offset: (normal) => 0.1 * normal,
  mean: (normal) => 0.1 * normal,
  variance: (normal) => 0.6 + 0.3 * Math.abs(normal)
}

/** Kaiming convolutions (fan in), random biases, norm scales and offsets, and batch statistics; named as in shared/networkGraph.ts. */
export function randomWeights(graph: NetworkGraph, seed: number): NamedWeights {
  const weights: NamedWeights = new Map()
  const pool = normalPool(seed)
  for (const [name, shape] of weightShapes(graph)) {
    const start = randomStream(seed, `random-weights/${name}`).integer(poolSize)
    const size = shape.reduce((product, side) => product * side, 1)
    const kaiming = Math.sqrt(2 / (size / shape[shape.length - 1]))
    const value = statistics[name.slice(name.lastIndexOf('.') + 1)] ?? ((normal: number) => kaiming * normal)
    const data = new Float32Array(size)
    for (let index = 0; index < size; index++) data[index] = value(pool[(start + index) % poolSize])
    weights.set(name, { shape, data })
  }
  return weights
}

let lastPool: { seed: number; pool: Float32Array } | undefined

function normalPool(seed: number): Float32Array {
  if (lastPool?.seed !== seed) {
    const random = randomStream(seed, 'random-weights')
    lastPool = { seed, pool: Float32Array.from({ length: poolSize }, () => random.normal()) }
  }
  return lastPool.pool
}
