/**
 * Branches are walks backwards through the lattice, one to three of them. In every cell one predecessor is drawn (probabilities beta); a
 * branch starts in its last cell and follows the predecessors to the stem. The draw belongs to the cell, so walks that meet stay together.
 * The network is the union of its walks: what several use is paid once. Costs are sums over what is used, so the expectation is a dynamic
 * programme over the rows of all walks, layer by layer: ten states a layer at most.
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

/** The rows in which the walks are, ascending; a row as often as walks are in it. */
type Rows = readonly number[]

/** A cell that walks are in, and the way that was drawn for it. */
interface DrawnCell {
  row: number
  walks: number
  step: Step
}

export function expectedWalks(layers: number, costs: WalkCosts, beta: number[][][], pairs: readonly BranchPair[]): WalkExpectation {
  const steps = Array.from({ length: layers }, (_, layer) => costs.keep[layer].map((_, row) => stepsBack(costs, beta, layer, row)))
  const before = costBefore(steps)
  const last = layers - 1
  const ends = pairs.map((pair) => pair.map(rowOf).sort((a, b) => a - b))
  const perPair = ends.map((rows) => rows.reduce((sum, row) => sum + costs.keep[last][row], 0) + before(last, rows))
  const usage: WalkCosts = { keep: zerosLike(costs.keep), down: zerosLike(costs.keep), lateral: zerosLike(costs.keep) }
  const gradient = beta.map((table) => zerosLike(table))
  let reached: ReachedRows = new Map()
  for (const rows of ends) {
    reach(reached, rows, 1 / ends.length)
    for (const row of rows) usage.keep[last][row] += 1 / ends.length
  }
  for (let layer = last; layer > 0; layer--) reached = spread(layer, steps[layer], before, reached, usage, gradient)
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

/** Expected cost of all that walks in these rows of a layer use in the layers before. */
type CostBefore = (layer: number, rows: Rows) => number

function costBefore(steps: Step[][][]): CostBefore {
  const known = new Map<string, number>()
  return before

  function before(layer: number, rows: Rows): number {
    if (layer === 0) return 0
    const name = `${layer} ${rows.join(' ')}`
    const cost = known.get(name) ?? meanOver(layer, cellsOf(rows), [])
    known.set(name, cost)
    return cost
  }

  /** Over all draws of the cells that are still open. */
  function meanOver(layer: number, open: { row: number; walks: number }[], drawn: DrawnCell[]): number {
    if (open.length === 0) return drawn.reduce((product, { step }) => product * step.probability, 1) * drawCost(drawn, layer, before)
    const [cell, ...others] = open
    return steps[layer][cell.row].reduce((sum, step) => sum + meanOver(layer, others, [...drawn, { ...cell, step }]), 0)
  }
}

function cellsOf(rows: Rows): { row: number; walks: number }[] {
  return [...new Set(rows)].map((row) => ({ row, walks: rows.filter((other) => other === row).length }))
}

/** Different cells use different operators, even where their steps lead to the same cell. */
function drawCost(drawn: readonly DrawnCell[], layer: number, before: CostBefore): number {
  return drawn.reduce((sum, { step, walks }) => sum + step.cost + walks * step.lateral, 0) + before(layer - 1, rowsAfter(drawn))
}

/** Ascending as well, for a step goes up by one row at most. */
function rowsAfter(drawn: readonly DrawnCell[]): Rows {
  return drawn.flatMap(({ step, walks }) => Array.from({ length: walks }, () => step.to))
}

/** Probability of each state of a layer. */
type ReachedRows = Map<string, { rows: Rows; probability: number }>

function reach(reached: ReachedRows, rows: Rows, probability: number): void {
  const name = rows.join(' ')
  reached.set(name, { rows, probability: (reached.get(name)?.probability ?? 0) + probability })
}

/** Passes the probability of each state on to the layer before, and collects what is used and the derivatives of beta. */
function spread(layer: number, ways: Step[][], before: CostBefore, reached: ReachedRows, usage: WalkCosts, gradient: number[][][]): ReachedRows {
  const earlier: ReachedRows = new Map()
  // In the order of their rows, so that sums do not depend on the order in which states were reached.
  for (const [, { rows, probability: here }] of [...reached].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const drawn of allDraws(ways, cellsOf(rows))) {
      const cost = here * drawCost(drawn, layer, before)
      const weight = drawn.reduce((product, { step }) => product * step.probability, here)
      for (const cell of drawn) {
        const others = drawn.reduce((product, { row, step }) => (row === cell.row ? product : product * step.probability), 1)
        use(layer, cell, others * cost, weight, usage, gradient)
      }
      reach(earlier, rowsAfter(drawn), weight)
    }
  }
  return earlier
}

function* allDraws(ways: Step[][], [first, ...others]: { row: number; walks: number }[]): Generator<DrawnCell[]> {
  for (const step of ways[first.row]) {
    if (others.length === 0) yield [{ ...first, step }]
    else for (const rest of allDraws(ways, others)) yield [{ ...first, step }, ...rest]
  }
}

function use(layer: number, { row, walks, step }: DrawnCell, derivative: number, weight: number, usage: WalkCosts, gradient: number[][][]): void {
  if (hasTwoPredecessors(layer, row)) gradient[row - 1][betaRow(layer, row)][step.column] += derivative
  const kind = step.column === 0 ? usage.down : usage.keep
  kind[layer - 1][step.to] += weight
  if (step.column === 0) usage.lateral[layer - 1][step.to] += walks * weight
}

function zerosLike(table: number[][]): number[][] {
  return table.map((row) => row.map(() => 0))
}
