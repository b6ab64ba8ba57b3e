/**
 * The lattice of cells: which cells exist, and where their numbers stand in alpha, beta and gamma.
 * A scale row j is 0, 1, 2 for 1/8, 1/16, 1/32. The cell at (layer l, row j) exists if j <= l.
 */
import { operators, scales, type ArchitectureLogits, type Scale, type SearchSpace } from '../shared/architecture.js'

/** Rows that have a cell at `layer`. */
export function rowsAt(layer: number): number[] {
  return [0, 1, 2].filter((row) => row <= layer)
}

export function rowOf(scale: Scale): number {
  return scales.indexOf(scale)
}

/** Whether the cell also has the down-sampling operators: not at 1/32, not in the last layer. */
export function hasDown(space: SearchSpace, layer: number, row: number): boolean {
  return row < 2 && layer < space.layers - 1
}

/** Whether beta decides where the cell's input comes from; elsewhere there is only one predecessor. */
export function hasTwoPredecessors(layer: number, row: number): boolean {
  return row > 0 && layer > row
}

/** Row of alpha for the cell, in alpha[row]. */
export function alphaRow(layer: number, row: number): number {
  return layer - row
}

/** Row of beta for the cell, in beta[row - 1]; only where `hasTwoPredecessors`. */
export function betaRow(layer: number, row: number): number {
  return layer - row - 1
}

/** Row of gamma, in gamma[row], for the map that enters the cell; -1 for the stem's map, whose width is fixed. */
export function enteringGammaRow(layer: number, row: number): number {
  return row === 0 ? layer - 1 : layer - row
}

/** Shapes of alpha, beta and gamma for a space: rows and columns of each. */
export function logitShapes(layers: number, widths: number): Record<keyof ArchitectureLogits, [number, number][]> {
  return {
    alpha: [0, 1, 2].map((row) => [layers - row, operators.length]),
    beta: [[layers - 2, 2], [layers - 3, 2]],
    gamma: [[layers - 1, widths], [layers - 1, widths], [layers - 2, widths]]
  }
}
