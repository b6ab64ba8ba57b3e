/** Which thread runs which passes of a step. A function of the step alone, so that sums are made in the same order in every run. */
import type { SearchSpace } from '../../shared/architecture.js'
import { passWidths, type SupernetStep } from './supernetStep.js'

/** The names of the passes of each of `workers` threads, the dearest pass dealt first, each to the thread with least to do so far. */
export function passShares(space: SearchSpace, step: SupernetStep, workers: number): string[][] {
  const passes = passWidths(space, step).map(({ name, widths }) => ({ name, cost: passCost(widths.flat().map((index) => space.widths[index])) }))
  const shares = Array.from({ length: Math.min(workers, passes.length) }, () => ({ names: [] as string[], cost: 0 }))
  for (const { name, cost } of [...passes].sort((a, b) => b.cost - a.cost)) {
    const share = shares.reduce((least, candidate) => (candidate.cost < least.cost ? candidate : least))
    share.names.push(name)
    share.cost += cost
  }
  return shares.map(({ names }) => names)
}

/** Between linear in the width (memory) and quadratic (multiply-adds): the mean width to the power 1.5, in twelfths. */
function passCost(widths: readonly number[]): number {
  return (widths.reduce((sum, width) => sum + width, 0) / Math.max(1, widths.length)) ** 1.5
}
