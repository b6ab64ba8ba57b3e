import { operators, type SearchSpace } from '../shared/architecture.js'

export interface SpaceSize {
  /** Pairs of paths through the lattice, over the three pairs of final scales. */
  paths: bigint
  /** Choices of operators and widths in all cells, whatever the path: a skip has no width; the last layer's widths are fixed. */
  cells: bigint
  /** paths * cells. */
  total: bigint
  totalLog10: number
  /** As the paper writes it (section 4.1), where the last layer's choices are added, not multiplied. */
  published: { cells: bigint; total: bigint; totalLog10: number }
}

/** How many networks with two branches the space holds (FasterSeg, section 4.1): 1695 pairs of paths with 16 layers. */
export function spaceSize(space: SearchSpace): SpaceSize {
  const layers = BigInt(space.layers)
  const toSixteenth = layers - 1n
  const toThirtySecond = ((layers - 1n) * (layers - 2n)) / 2n
  const paths = toSixteenth + toThirtySecond + toSixteenth * toThirtySecond
  const choices = BigInt(1 + (operators.length - 1) * space.widths.length)
  const inner = choices ** (3n * layers - 6n)
  const last = BigInt(operators.length) ** 3n
  const cells = inner * last
  return {
    paths,
    cells,
    total: paths * cells,
    totalLog10: log10(paths * cells),
    published: { cells: inner + last, total: paths * (inner + last), totalLog10: log10(paths * (inner + last)) }
  }
}

/** Of a whole number of any size, at least 1; 15 digits are exact. */
function log10(value: bigint): number {
  const digits = value.toString()
  return Math.log10(Number(`0.${digits.slice(0, 17)}`)) + digits.length
}
