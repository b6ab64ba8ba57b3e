/**
 * Two branches are two walks backwards through the lattice. In every cell one predecessor is drawn (probabilities beta); a branch starts
 * in its last cell and follows the predecessors to the stem. The draw belongs to the cell, so two walks that meet stay together. The
 * network is the union of both walks: what both use is paid once. Costs are sums over what is used, so the expectation is a dynamic
 * programme over pairs of rows, layer by layer: 6 states a layer at most.
 */
import { rowOf, betaRow, hasTwoPredecessors } from '../lattice.js'
import type { BranchPair } from './latencyCosts.js'

/** Expected cost of each cell's operators, [layer][row]; 0 where there is no down operator. */
export interface WalkCosts {
  keep: number[][]
  down: number[][]
  /** Paid once for each branch that goes down there. */
  lateral: number[][]
}

export interface WalkExpectation {
  /** Expected cost of each pair, in the order given. */
  perPair: number[]
  /** Derivatives of the mean over the pairs: for costs, the expected number of times that each is paid. */
  usage: WalkCosts
  beta: number[][][]
}

/** One way back from a cell: to which row of the layer before, how likely, and what it costs besides the layers before. */
interface Step {
  to: number
  column: 0 | 1
  probability: number
  cost: number
  lateral: number
}

export function expectedWalks(layers: number, costs: WalkCosts, beta: number[][][], pairs: readonly BranchPair[]): WalkExpectation {
  const steps = Array.from({ length: layers }, (_, layer) => costs.keep[layer].map((_, row) => stepsBack(costs, beta, layer, row)))
  const before = costBefore(steps)
  const last = layers - 1
  const rows = pairs.map(([a, b]) => [rowOf(a), rowOf(b)] as const)
  const perPair = rows.map(([a, b]) => costs.keep[last][a] + costs.keep[last][b] + before[last][a][b])
  const usage: WalkCosts = { keep: zerosLike(costs.keep), down: zerosLike(costs.keep), lateral: zerosLike(costs.keep) }
  const gradient = beta.map((table) => zerosLike(table))
  const reached = Array.from({ length: layers }, () => [[0, 0, 0], [0, 0, 0], [0, 0, 0]])
  for (const [a, b] of rows) {
    const share = 1 / rows.length
    reached[last][Math.min(a, b)][Math.max(a, b)] += share
    usage.keep[last][a] += share
    usage.keep[last][b] += share
  }
  for (let layer = last; layer > 0; layer--) spread(layer, steps[layer], before[layer - 1], reached, usage, gradient)
  return { perPair, usage, beta: gradient }
}

function stepsBack(costs: WalkCosts, beta: number[][][], layer: number, row: number): Step[] {
  if (layer === 0) return []
  const [fromFiner, fromSame] = hasTwoPredecessors(layer, row) ? beta[row - 1][betaRow(layer, row)] : row === 0 ? [0, 1] : [1, 0]
  const steps: Step[] = []
  if (row > 0) {
    const cost = costs.down[layer - 1][row - 1]
    steps.push({ to: row - 1, column: 0, probability: fromFiner, cost, lateral: costs.lateral[layer - 1][row - 1] })
  }
  if (row < layer) steps.push({ to: row, column: 1, probability: fromSame, cost: costs.keep[layer - 1][row], lateral: 0 })
  return steps
}

/** result[layer][a][b], a <= b: expected cost of all that two walks in the cells (layer, a), (layer, b) use in the layers before. */
function costBefore(steps: Step[][][]): number[][][] {
  const result: number[][][] = []
  steps.forEach((ways, layer) => {
    const earlier = result[layer - 1]
    result.push(ways.map((first, a) => ways.map((second, b) => {
      if (layer === 0 || a > b) return 0
      if (a === b) return first.reduce((sum, step) => sum + step.probability * togetherCost(step, earlier), 0)
      return first.reduce((sum, one) => sum + second.reduce((inner, other) => (
        inner + one.probability * other.probability * apartCost(one, other, earlier)
      ), 0), 0)
    })))
  })
  return result
}

function togetherCost(step: Step, earlier: number[][]): number {
  return step.cost + 2 * step.lateral + earlier[step.to][step.to]
}

/** From different cells: different operators are used, even where both steps lead to the same cell. */
function apartCost(one: Step, other: Step, earlier: number[][]): number {
  return one.cost + one.lateral + other.cost + other.lateral + earlier[one.to][other.to]
}

/** Passes the probability of each state on to the layer before, and collects what is used and the derivatives of beta. */
function spread(
  layer: number,
  ways: Step[][],
  earlier: number[][],
  reached: number[][][],
  usage: WalkCosts,
  gradient: number[][][]
): void {
  const use = (row: number, step: Step, derivative: number, weight: number, laterals: number) => {
    if (hasTwoPredecessors(layer, row)) gradient[row - 1][betaRow(layer, row)][step.column] += derivative
    const kind = step.column === 0 ? usage.down : usage.keep
    kind[layer - 1][step.to] += weight
    if (step.column === 0) usage.lateral[layer - 1][step.to] += laterals * weight
  }
  ways.forEach((first, a) => ways.forEach((second, b) => {
    const here = reached[layer][a][b]
    if (here === 0) return
    for (const one of first) {
      if (a === b) {
        const weight = here * one.probability
        use(a, one, here * togetherCost(one, earlier), weight, 2)
        reached[layer - 1][one.to][one.to] += weight
        continue
      }
      for (const other of second) {
        const cost = here * apartCost(one, other, earlier)
        const weight = here * one.probability * other.probability
        use(a, one, other.probability * cost, weight, 1)
        use(b, other, one.probability * cost, weight, 1)
        reached[layer - 1][one.to][other.to] += weight
      }
    }
  }))
}

function zerosLike(table: number[][]): number[][] {
  return table.map((row) => row.map(() => 0))
}
