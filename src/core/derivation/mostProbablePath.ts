import type { SearchSpace } from '../../shared/architecture.js'
import { betaRow, hasTwoPredecessors } from '../lattice.js'
import { softmax } from '../softmax.js'

/**
 * The most probable path to the last cell at `finalRow`, all paths being equally probable before the search: the one whose product of
 * predecessor probabilities, each relative to the 1/2 that it began with, is largest; both "comes from the finer scale" and "comes from the
 * same scale" counted. The plain product would favour whatever goes down last: such a path meets the fewest choices, and each choice costs
 * a factor, however undecided (docs/decisions/011). Result: the scale row of each layer, starting with 0. Of equal paths, the one that
 * comes from the finer scale wins, as the first column of beta does in an argmax.
 */
export function mostProbablePath(space: SearchSpace, beta: number[][][], finalRow: number): number[] {
  const layers = space.layers
  let best: { evidence: number; path: number[] }[] = [{ evidence: 0, path: [0] }]
  for (let layer = 1; layer < layers; layer++) {
    const before = best
    best = [0, 1, 2].slice(0, layer + 1).map((row) => {
      const [fromFiner, fromSame] = predecessorProbabilities(beta, layer, row)
      const predecessors = hasTwoPredecessors(layer, row) ? 2 : 1
      const finer = extend(before[row - 1], predecessors * fromFiner, row)
      const same = extend(before[row], predecessors * fromSame, row)
      return same.evidence > finer.evidence ? same : finer
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

function extend(from: { evidence: number; path: number[] } | undefined, ratio: number, row: number) {
  if (from === undefined) return { evidence: -Infinity, path: [] }
  return { evidence: from.evidence + Math.log(ratio), path: [...from.path, row] }
}
