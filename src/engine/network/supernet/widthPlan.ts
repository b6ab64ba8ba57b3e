/**
 * Which width every map of the lattice has in one pass. A plan is laid out as gamma is: plan[table][row] is an index into the
 * space's widths. See ArchitectureLogits for which map a row stands for.
 */
import { randomStream } from '../../../core/random.js'
import type { SearchSpace } from '../../../shared/architecture.js'

export type WidthPlan = number[][]

/** Table and row of gamma for the map that enters the cell at (layer, row). Layer 0's input is the stem's and has none. */
export function gammaPlace(layer: number, row: number): { table: number; index: number } {
  return row === 0 ? { table: 0, index: layer - 1 } : { table: row, index: layer - row }
}

export function gammaRows(layers: number): number[] {
  return [layers - 1, layers - 1, layers - 2]
}

/** Every map at the same width. */
export function uniformPlan(space: SearchSpace, widthIndex: number): WidthPlan {
  return gammaRows(space.layers).map((rows) => Array.from({ length: rows }, () => widthIndex))
}

/** Independent uniform draws, a function of (seed, stream, step). */
export function randomPlan(space: SearchSpace, seed: number, stream: string, step: number): WidthPlan {
  const draws = randomStream(seed, stream, step)
  return gammaRows(space.layers).map((rows) => Array.from({ length: rows }, () => draws.integer(space.widths.length)))
}

/** The likeliest width of every map. Ties go to the narrower. */
export function argmaxPlan(gamma: number[][][]): WidthPlan {
  return gamma.map((table) => table.map((row) => row.indexOf(Math.max(...row))))
}

/** Standard Gumbel noise laid out as gamma, and the plan that adding it to the logits selects (Gumbel-max). */
export function gumbelPlan(gamma: number[][][], seed: number, step: number): { plan: WidthPlan; noise: number[][][] } {
  const draws = randomStream(seed, 'gumbel', step)
  const noise = gamma.map((table) => table.map((row) => row.map(() => draws.gumbel())))
  const noisy = gamma.map((table, t) => table.map((row, r) => row.map((logit, k) => logit + noise[t][r][k])))
  return { plan: argmaxPlan(noisy), noise }
}
