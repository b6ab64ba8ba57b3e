/**
 * The lattice of the supernet as a list of cells, and the name and shape of every weight in it (FasterSeg, section 3.2; widths by
 * slimmable convolutions with one batch norm a width). Pure bookkeeping: nothing here computes.
 */
import { channels, scales, type SearchSpace } from '../../../shared/architecture.js'

/** Whose stem, heads and architecture parameters a pass uses. The cells are shared. */
export type Role = 'teacher' | 'student'

/** Final scales of a prediction, finest first: one, a pair, or all three. */
export type PredictionName = '8' | '16' | '32' | '8+16' | '8+32' | '16+32' | '8+16+32'

export interface CellPlace {
  layer: number
  /** Row of the lattice: 0 is 1/8, 1 is 1/16, 2 is 1/32. */
  row: 0 | 1 | 2
  /** Whether the cell also has an output at half the resolution. */
  hasDown: boolean
}

/** Cells in the order in which they are computed: layer by layer, fine before coarse. */
export function cellPlaces(layers: number): CellPlace[] {
  const places: CellPlace[] = []
  for (let layer = 0; layer < layers; layer++) {
    for (const row of [0, 1, 2] as const) {
      if (row <= layer) places.push({ layer, row, hasDown: row < 2 && layer < layers - 1 })
    }
  }
  return places
}

export function cellName(layer: number, row: number): string {
  return `cells.layer${layer}.scale${scales[row]}`
}

/** Widths that have batch norms of their own: the candidates, the student's stem and the full width. */
export function normWidths(space: SearchSpace): number[] {
  return [...new Set([...space.widths, space.studentStemWidth, 12])].sort((a, b) => a - b)
}

/** Stem and head width of a role in twelfths. */
export function stemWidth(space: SearchSpace, role: Role): number {
  return role === 'teacher' ? 12 : space.studentStemWidth
}

/** Every weight's name and shape. Filters are [k, k, in, out]. */
export function supernetShapes(space: SearchSpace, predictions: readonly PredictionName[]): Map<string, number[]> {
  const shapes = new Map<string, number[]>()
  for (const role of ['teacher', 'student'] as const) {
    addStem(shapes, space, role)
    addHeads(shapes, space, role, predictions)
  }
  for (const { layer, row, hasDown } of cellPlaces(space.layers)) {
    const inChannels = channels(scales[row], space.baseWidth, 12)
    addMixedOperator(shapes, space, `${cellName(layer, row)}.keep`, inChannels, inChannels, scales[row], 1)
    if (hasDown) {
      const outChannels = channels(scales[row + 1], space.baseWidth, 12)
      addMixedOperator(shapes, space, `${cellName(layer, row)}.down`, inChannels, outChannels, scales[row + 1], 2)
    }
  }
  return shapes
}

function addMixedOperator(shapes: Map<string, number[]>, space: SearchSpace, name: string, inChannels: number, outChannels: number, outScale: number, stride: 1 | 2): void {
  const convolutions: [string, number, number][] = [
    ['conv.conv1', 3, inChannels],
    ['conv_downup.conv1', 3, inChannels],
    ['conv_2x.conv1', 3, inChannels],
    ['conv_2x.conv2', 3, outChannels],
    ['conv_2x_downup.conv1', 3, inChannels],
    ['conv_2x_downup.conv2', 3, outChannels]
  ]
  if (stride === 1) convolutions.unshift(['skip.conv1', 1, inChannels])
  for (const [part, kernel, cin] of convolutions) {
    shapes.set(`${name}.${part}.weight`, [kernel, kernel, cin, outChannels])
    addSlimmableNorm(shapes, space, `${name}.${part}`, outScale)
  }
  if (stride === 2) {
    shapes.set(`${name}.skip.even.weight`, [1, 1, inChannels, Math.ceil(outChannels / 2)])
    shapes.set(`${name}.skip.odd.weight`, [1, 1, inChannels, Math.floor(outChannels / 2)])
    addSlimmableNorm(shapes, space, `${name}.skip`, outScale)
  }
}

function addSlimmableNorm(shapes: Map<string, number[]>, space: SearchSpace, name: string, outScale: number): void {
  for (const width of normWidths(space)) {
    addNorm(shapes, `${name}.norm${width}`, channels(outScale, space.baseWidth, width))
  }
}

function addNorm(shapes: Map<string, number[]>, name: string, size: number): void {
  shapes.set(`${name}.scale`, [size])
  shapes.set(`${name}.offset`, [size])
}

function addConvNorm(shapes: Map<string, number[]>, name: string, kernel: number, inChannels: number, outChannels: number): void {
  shapes.set(`${name}.weight`, [kernel, kernel, inChannels, outChannels])
  addNorm(shapes, `${name}.norm`, outChannels)
}

/** 3x3 stride 2 to twice the channels at 1/2, then two double convolutions of stride 2, to 1/4 and 1/8. */
function addStem(shapes: Map<string, number[]>, space: SearchSpace, role: Role): void {
  const width = stemWidth(space, role)
  const half = 2 * channels(2, space.baseWidth, width)
  const quarter = 2 * channels(4, space.baseWidth, width)
  const eighth = channels(8, space.baseWidth, width)
  addConvNorm(shapes, `${role}.stem.0`, 3, 3, half)
  addConvNorm(shapes, `${role}.stem.1.conv1`, 3, half, quarter)
  addConvNorm(shapes, `${role}.stem.1.conv2`, 3, quarter, quarter)
  addConvNorm(shapes, `${role}.stem.2.conv1`, 3, quarter, eighth)
  addConvNorm(shapes, `${role}.stem.2.conv2`, 3, eighth, eighth)
}

function addHeads(shapes: Map<string, number[]>, space: SearchSpace, role: Role, predictions: readonly PredictionName[]): void {
  const [c8, c16, c32] = scales.map((scale) => channels(scale, space.baseWidth, stemWidth(space, role)))
  addConvNorm(shapes, `${role}.refine16.reduce`, 1, c16, c8)
  addConvNorm(shapes, `${role}.refine16.fuse`, 3, 2 * c8, c8)
  addConvNorm(shapes, `${role}.refine32.reduce16`, 1, c32, c16)
  addConvNorm(shapes, `${role}.refine32.fuse16`, 3, 2 * c16, c16)
  addConvNorm(shapes, `${role}.refine32.reduce8`, 1, c16, c8)
  addConvNorm(shapes, `${role}.refine32.fuse8`, 3, 2 * c8, c8)
  for (const prediction of predictions) {
    const inChannels = prediction.split('+').length * c8
    const middle = inChannels <= 256 ? inChannels : Math.floor(inChannels / 2)
    addConvNorm(shapes, `${role}.head${prediction}.0`, 3, inChannels, middle)
    shapes.set(`${role}.head${prediction}.1.weight`, [1, 1, middle, space.classes])
    shapes.set(`${role}.head${prediction}.1.bias`, [space.classes])
  }
}
