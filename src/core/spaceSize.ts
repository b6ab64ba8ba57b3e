import { operators, type Scale, type SearchSpace } from '../shared/architecture.js'

export interface SpaceSize {
  /** Paths through the lattice, one for each branch together, for each set of branches that is compared. */
  pathsOf: bigint[]
  /** Their sum. */
  paths: bigint
  /** Choices of a cell before the last layer, an operator with a width (a skip has none), and the number of these cells. */
  inner: { choices: bigint; cells: bigint }
  /** Choices of a cell of the last layer, whose width is fixed, and the number of these cells. */
  last: { choices: bigint; cells: bigint }
  /** Choices of operators and widths in all cells, whatever the path. */
  cells: bigint
  /** paths * cells. */
  total: bigint
  totalLog10: number
  /** As the paper writes it (section 4.1), where the last layer's choices are added, not multiplied. */
  published: { cells: bigint; total: bigint; totalLog10: number }
}

/**
 * How many networks the space holds (FasterSeg, section 4.1): with 16 layers and the three pairs of branches 15 + 105 + 15 * 105 = 1695 paths,
 * and 21^42 * 5^3 choices in the cells. `branches` are the final scales of each set that is compared.
 */
export function spaceSize(space: Pick<SearchSpace, 'layers' | 'widths'>, branches: readonly (readonly Scale[])[]): SpaceSize {
  const layers = BigInt(space.layers)
  const pathsTo: Record<Scale, bigint> = { 8: 1n, 16: layers - 1n, 32: ((layers - 1n) * (layers - 2n)) / 2n }
  const pathsOf = branches.map((scales) => scales.reduce((product, scale) => product * pathsTo[scale], 1n))
  const paths = pathsOf.reduce((sum, count) => sum + count, 0n)
  const inner = { choices: BigInt(1 + (operators.length - 1) * space.widths.length), cells: 3n * layers - 6n }
  const last = { choices: BigInt(operators.length), cells: 3n }
  const [innerChoices, lastChoices] = [inner, last].map(({ choices, cells }) => choices ** cells)
  const cells = innerChoices * lastChoices
  const publishedCells = innerChoices + lastChoices
  return {
    pathsOf,
    paths,
    inner,
    last,
    cells,
    total: paths * cells,
    totalLog10: log10(paths * cells),
    published: { cells: publishedCells, total: paths * publishedCells, totalLog10: log10(paths * publishedCells) }
  }
}

/** Of a whole number of any size, at least 1; 15 digits are exact. */
function log10(value: bigint): number {
  const digits = value.toString()
  return Math.log10(Number(`0.${digits.slice(0, 17)}`)) + digits.length
}
