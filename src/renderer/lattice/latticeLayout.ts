/** Where things stand in the lattice's drawing, in units of the drawing (about a pixel at full width). */

export interface LatticeLayout {
  width: number
  height: number
  cell: { width: number; alphaHeight: number; gammaHeight: number }
  /** Left edge of a layer's cells. */
  x(layer: number): number
  /** Top edge of a scale row's cells. */
  y(row: number): number
  /** Height at which ribbons leave and enter a cell. */
  middle(row: number): number
  /** The line of a ribbon from the cell before `layer` to the cell at `layer`; layer 0 starts at the stem, layer `layers` ends at a head. */
  ribbon(layer: number, fromRow: number, toRow: number): string
}

const left = 62
const right = 56
const top = 26
const rowHeight = 118

export function latticeLayout(layers: number): LatticeLayout {
  const column = layers <= 6 ? 140 : layers <= 10 ? 104 : 76
  const cell = { width: layers <= 6 ? 72 : layers <= 10 ? 56 : 42, alphaHeight: 56, gammaHeight: 22 }
  const x = (layer: number): number => left + 34 + layer * column
  const y = (row: number): number => top + row * rowHeight
  const middle = (row: number): number => y(row) + cell.alphaHeight / 2
  return {
    width: x(layers - 1) + cell.width + right,
    height: y(2) + cell.alphaHeight + cell.gammaHeight + 14,
    cell, x, y, middle,
    ribbon(layer, fromRow, toRow) {
      const start = layer === 0 ? left : x(layer - 1) + cell.width
      const end = layer === layers ? start + 26 : x(layer)
      const bend = (end - start) / 2
      const finer = fromRow < toRow
      // Ribbons from the finer scale come in a little above the middle, so that both of a cell can be told apart.
      const from = middle(fromRow) + (finer ? 12 : 0)
      const to = middle(toRow) - (finer ? 14 : 0)
      return `M${start} ${from} C${start + bend} ${from} ${end - bend} ${to} ${end} ${to}`
    }
  }
}
