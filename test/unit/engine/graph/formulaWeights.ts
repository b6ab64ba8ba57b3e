/** The numbers of the PyTorch fixtures: weights and images are a formula of their name and index, so that only results are stored. */
import type { NamedWeights } from '../../../../src/engine/graph/weights.js'
import { weightShapes } from '../../../../src/engine/graph/weightShapes.js'
import type { NetworkGraph } from '../../../../src/shared/networkGraph.js'

/** Numbers in [-1, 1) from a name. */
export function formulaValues(name: string, count: number): Float64Array {
  const phase = Array.from(name).reduce((sum, letter, place) => sum + (place + 1) * letter.charCodeAt(0), 0)
  return Float64Array.from({ length: count }, (_, index) => {
    const x = Math.sin(index * 12.9898 + phase) * 43758.5453
    return 2 * (x - Math.floor(x)) - 1
  })
}

/** Filters uniform over the fan in, scales and variances around 1, the rest around 0. */
export function formulaWeights(graph: NetworkGraph): NamedWeights {
  const weights: NamedWeights = new Map()
  for (const [name, shape] of weightShapes(graph)) {
    const drawn = formulaValues(name, shape.reduce((product, side) => product * side, 1))
    const part = name.slice(name.lastIndexOf('.') + 1)
    const kaiming = Math.sqrt(6 / shape.slice(0, -1).reduce((product, side) => product * side, 1))
    const data = drawn.map((value) => (part === 'weight' ? value * kaiming : part === 'scale' || part === 'variance' ? 1 + 0.5 * value : 0.1 * value))
    weights.set(name, { shape, data: Float32Array.from(data) })
  }
  return weights
}
