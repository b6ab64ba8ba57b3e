import type { SearchSpace } from '../../shared/architecture.js'
import { betaRow, hasTwoPredecessors } from '../lattice.js'
import { softmax } from '../softmax.js'

/**
 * The path to the last cell at `finalRow` whose product of predecessor probabilities is largest, both "comes from the finer scale"
 * and "comes from the same scale" counted. Result: the scale row of each layer, starting with 0. Of equal paths, the one that comes
 * from the finer scale wins, as the first column of beta does in an argmax.
 */
export function mostProbablePath(space: SearchSpace, beta: number[][][], finalRow: number): number[] {
  const layers = space.layers
  let best: { logProbability: number; path: number[] }[] = [{ logProbability: 0, path: [0] }]
  for (let layer = 1; layer < layers; layer++) {
    const before = best
    best = [0, 1, 2].slice(0, layer + 1).map((row) => {
      const [fromFiner, fromSame] = predecessorProbabilities(beta, layer, row)
      const finer = extend(before[row - 1], fromFiner, row)
      const same = extend(before[row], fromSame, row)
      return same.logProbability > finer.logProbability ? same : finer
    })
  }
  return best[finalRow].path
}

/** Probabilities that the cell's input comes from the finer and from the same scale: 0 and 1 where only one predecessor exists. */
export function predecessorProbabilities(beta: number[][][], layer: number, row: number): [number, number] {
  if (row === 0) return [0, 1]
  if (!hasTwoPredecessors(layer, row)) return [1, 0]
  const [finer, same] = softmax(beta[row - 1][betaRow(layer, row)])
  return [finer, same]
}

function extend(from: { logProbability: number; path: number[] } | undefined, probability: number, row: number) {
  if (from === undefined) return { logProbability: -Infinity, path: [] }
  return { logProbability: from.logProbability + Math.log(probability), path: [...from.path, row] }
}
