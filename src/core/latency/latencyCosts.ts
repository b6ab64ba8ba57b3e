/** Everything that the expected latency reads from a table, looked up once: milliseconds of each operator of each cell at each width. */
import { channels, operators, scales, type Operator, type Scale, type SearchSpace } from '../../shared/architecture.js'
import type { LatencyKey, LatencyTable } from '../../shared/latencyTable.js'
import { hasDown, rowOf, rowsAt } from '../lattice.js'
import { teacherWidth } from './stemWidths.js'
import { tableCallMs, tableMs } from './tableMs.js'

/** Final scales of a network's branches, finer first: a pair as in the paper, or one or all three. */
export type BranchPair = readonly Scale[]

export const branchPairs: readonly BranchPair[] = [[8, 16], [8, 32], [16, 32]]

/** [operator][width in][width out] in milliseconds; a side whose width is not searched has one place. */
export type OperatorMs = number[][][]

export interface CellCosts {
  keep: OperatorMs
  /** Absent at 1/32 and in the last layer. */
  down?: OperatorMs
  /** [width in]: the refining 3x3 convolution of a branch whose last map at this scale is the one that enters this cell. */
  lateral?: number[]
}

export interface LatencyCosts {
  layers: number
  /** Widths that each searched map may have, in twelfths. */
  widths: number[]
  /** cells[layer][row]. */
  cells: CellCosts[][]
  /** What every network with these branches has, whatever its logits: call, stem, the fixed parts of aggregation, head, last resize. */
  fixedMs(pair: BranchPair): number
}

/** The student chooses among the space's widths, the teacher's maps are the widest. Throws latency.missing-entry. */
export function latencyCosts(space: SearchSpace, table: LatencyTable, whose: 'student' | 'teacher'): LatencyCosts {
  const stemWidth = whose === 'student' ? space.studentStemWidth : teacherWidth
  const widths = whose === 'student' ? space.widths : [teacherWidth]
  const costs = latencyCostsFrom({ ...space, widths }, table, stemWidth, (key) => tableMs(table, key))
  return { ...costs, fixedMs: (pair) => costs.fixedMs(pair) + tableCallMs(table) }
}

/** As `latencyCosts`, from any source of milliseconds, such as the published table. */
export function latencyCostsFrom(
  space: SearchSpace,
  size: { height: number; width: number },
  stemWidth: number,
  milliseconds: (key: LatencyKey) => number
): LatencyCosts {
  const parts = new PartTimes(space, size, stemWidth, milliseconds)
  const byWidths = new Map<string, OperatorMs>()
  const cells = Array.from({ length: space.layers }, (_, layer) => rowsAt(layer).map((row): CellCosts => {
    const widthsIn = layer === 0 ? [stemWidth] : space.widths
    const keep = remember(byWidths, parts, row, 1, widthsIn, layer === space.layers - 1 ? [stemWidth] : space.widths)
    if (!hasDown(space, layer, row)) return { keep }
    const down = remember(byWidths, parts, row, 2, widthsIn, space.widths)
    return { keep, down, lateral: widthsIn.map((width) => parts.lateral(row, width)) }
  }))
  return { layers: space.layers, widths: space.widths, cells, fixedMs: (pair) => parts.ofPair(pair) }
}

/** Cells of the same row and the same widths cost the same; their numbers are shared. */
function remember(
  known: Map<string, OperatorMs>,
  parts: PartTimes,
  row: number,
  stride: number,
  widthsIn: number[],
  widthsOut: number[]
): OperatorMs {
  const text = [row, stride, widthsIn, widthsOut].join(' ')
  const ofOperator = (part: Operator) => widthsIn.map((from) => widthsOut.map((to) => parts.operator(part, row, stride, from, to)))
  const found = known.get(text) ?? operators.map(ofOperator)
  known.set(text, found)
  return found
}

class PartTimes {
  constructor(
    private readonly space: SearchSpace,
    private readonly size: { height: number; width: number },
    private readonly stemWidth: number,
    private readonly milliseconds: (key: LatencyKey) => number
  ) {}

  operator(part: LatencyKey['part'], row: number, stride: number, widthIn: number, widthOut: number): number {
    const scale = scales[row]
    return this.ms(part, scale, this.channels(scale, widthIn), this.channels(scale * stride, widthOut), stride)
  }

  lateral(row: number, width: number): number {
    const scale = scales[row]
    const out = this.channels(scale, this.stemWidth)
    return this.ms('conv3x3', scale, out + this.channels(scale, width), out, 1)
  }

  ofPair(pair: BranchPair): number {
    const joined = pair.length * this.channels(8, this.stemWidth)
    const { classes } = this.space
    const stem = this.ms('stem', 1, 3, this.channels(8, this.stemWidth), 8)
    const aggregation = pair.reduce((sum, finalScale) => sum + this.aggregation(finalScale), 0)
    // A single branch has nothing to fuse.
    const fusion = pair.length > 1 ? this.ms('conv1x1', 8, joined, joined, 1) : 0
    const fusionAndHead = fusion + this.ms('head', 8, joined, classes, 1)
    return stem + aggregation + fusionAndHead + this.ms('resize', 8, classes, classes, 8)
  }

  /** The 1x1 convolutions and resizes on a branch's way back to 1/8. */
  private aggregation(finalScale: Scale): number {
    return scales.slice(0, rowOf(finalScale)).reduce((sum, scale) => {
      const out = this.channels(scale, this.stemWidth)
      const reduce = this.ms('conv1x1', scale * 2, this.channels(scale * 2, this.stemWidth), out, 1)
      return sum + reduce + this.ms('resize', scale * 2, out, out, 2)
    }, 0)
  }

  private channels(scale: number, width: number): number {
    return channels(scale, this.space.baseWidth, width)
  }

  private ms(part: LatencyKey['part'], scale: number, inChannels: number, outChannels: number, stride: number): number {
    return this.milliseconds({ part, height: this.size.height / scale, width: this.size.width / scale, inChannels, outChannels, stride })
  }
}
