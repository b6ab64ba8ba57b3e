/**
 * The latency that a search pays for: the expectation, over operators, predecessors and widths drawn from the architecture's
 * probabilities, of the latency of the network with a pair of branches (FasterSeg, section 3.3, made exact). Smooth in the logits, with
 * its gradient.
 */
import type { ArchitectureLogits } from '../../shared/architecture.js'
import { alphaRow, enteringGammaRow } from '../lattice.js'
import { softmax } from '../softmax.js'
import { expectedWalks, type WalkCosts } from './backwardWalks.js'
import { branchPairs, type BranchPair, type CellCosts, type LatencyCosts } from './latencyCosts.js'
import { operatorExpectation, type OperatorExpectation } from './operatorExpectation.js'

/** Rows that sum to 1, in the shape of the logits. */
export type ArchitectureProbabilities = ArchitectureLogits

export interface ExpectedLatency {
  /** Mean over the pairs. */
  latencyMs: number
  /** In the order of `pairs`. */
  perPairMs: number[]
  /** Milliseconds per unit of each logit. */
  gradient: ArchitectureLogits
}

/** Mean over `pairs` of the expected latency, and its gradient with respect to the logits. */
export function expectedLatency(
  costs: LatencyCosts,
  logits: ArchitectureLogits,
  pairs: readonly BranchPair[] = branchPairs
): ExpectedLatency {
  const probabilities = architectureProbabilities(logits)
  const expectation = expectationOf(costs, probabilities, pairs)
  return { ...expectation, gradient: gradientOfLogits(probabilities, expectation.gradient) }
}

export function architectureProbabilities(logits: ArchitectureLogits): ArchitectureProbabilities {
  const each = (tables: number[][][]) => tables.map((rows) => rows.map(softmax))
  return { alpha: each(logits.alpha), beta: each(logits.beta), gamma: each(logits.gamma) }
}

/** Through the softmax of each row: p * (g - sum(p * g)). */
export function gradientOfLogits(probabilities: ArchitectureProbabilities, gradient: ArchitectureProbabilities): ArchitectureLogits {
  const each = (name: keyof ArchitectureLogits) => probabilities[name].map((rows, table) => rows.map((row, index) => {
    const ofRow = gradient[name][table][index]
    const mean = row.reduce((sum, probability, column) => sum + probability * ofRow[column], 0)
    return row.map((probability, column) => probability * (ofRow[column] - mean))
  }))
  return { alpha: each('alpha'), beta: each('beta'), gamma: each('gamma') }
}

/** As `expectedLatency`, from probabilities; the gradient is with respect to them, each taken as free. */
export function expectationOf(
  costs: LatencyCosts,
  probabilities: ArchitectureProbabilities,
  pairs: readonly BranchPair[]
): ExpectedLatency {
  const cells = costs.cells.map((rows, layer) => rows.map((cell, row) => cellExpectation(costs, probabilities, cell, layer, row)))
  const walkCosts: WalkCosts = {
    keep: cells.map((rows) => rows.map((cell) => cell.keep.value)),
    down: cells.map((rows) => rows.map((cell) => cell.down?.value ?? 0)),
    lateral: cells.map((rows) => rows.map((cell) => cell.lateral))
  }
  const walks = expectedWalks(costs.layers, walkCosts, probabilities.beta, pairs)
  const perPairMs = walks.perPair.map((value, index) => value + costs.fixedMs(pairs[index]))
  const gradient = { alpha: zerosLike(probabilities.alpha), beta: walks.beta, gamma: zerosLike(probabilities.gamma) }
  cells.forEach((rows, layer) => rows.forEach((cell, row) => {
    addCellGradient(costs, gradient, cell, walks.usage, layer, row)
  }))
  return { latencyMs: perPairMs.reduce((sum, value) => sum + value, 0) / pairs.length, perPairMs, gradient }
}

/** One cell at its two strides, at the widths that enter and leave it now. */
export interface CellExpectation {
  costs: CellCosts
  keep: OperatorExpectation
  down: OperatorExpectation | undefined
  lateral: number
}

export function cellExpectation(
  costs: LatencyCosts,
  probabilities: ArchitectureProbabilities,
  cell: CellCosts,
  layer: number,
  row: number
): CellExpectation {
  const alpha = probabilities.alpha[row][alphaRow(layer, row)]
  const widthIn = widthRow(costs, probabilities.gamma, layer, row)
  const outOf = (toRow: number) => widthRow(costs, probabilities.gamma, layer + 1, toRow)
  return {
    costs: cell,
    keep: operatorExpectation(cell.keep, alpha, widthIn, outOf(row)),
    down: cell.down && operatorExpectation(cell.down, alpha, widthIn, outOf(row + 1)),
    lateral: cell.lateral?.reduce((sum, milliseconds, width) => sum + milliseconds * widthIn[width], 0) ?? 0
  }
}

function addCellGradient(
  costs: LatencyCosts,
  gradient: ArchitectureProbabilities,
  cell: CellExpectation,
  usage: WalkCosts,
  layer: number,
  row: number
): void {
  const alpha = gradient.alpha[row][alphaRow(layer, row)]
  const widthIn = widthRow(costs, gradient.gamma, layer, row)
  const addOperator = (part: OperatorExpectation, used: number, toRow: number) => {
    addScaled(alpha, part.alpha, used)
    addScaled(widthIn, part.gammaIn, used)
    addScaled(widthRow(costs, gradient.gamma, layer + 1, toRow), part.gammaOut, used)
  }
  addOperator(cell.keep, usage.keep[layer][row], row)
  if (cell.down) addOperator(cell.down, usage.down[layer][row], row + 1)
  if (cell.costs.lateral) addScaled(widthIn, cell.costs.lateral, usage.lateral[layer][row])
}

/** The row of gamma for the map that enters the cell; a row of its own where the width is fixed (stem's map, last layer's outputs). */
function widthRow(costs: LatencyCosts, gamma: number[][][], layer: number, row: number): number[] {
  const isFixed = layer === 0 || layer === costs.layers
  return isFixed ? [1] : gamma[row][enteringGammaRow(layer, row)]
}

function addScaled(target: number[], addend: number[], factor: number): void {
  for (let index = 0; index < target.length; index++) target[index] += addend[index] * factor
}

function zerosLike(tables: number[][][]): number[][][] {
  return tables.map((rows) => rows.map((row) => row.map(() => 0)))
}
