/**
 * What one pass of the supernet asks of a machine, and what the passes of a step do together (FasterSeg, section 3 and supplement). The
 * lattice is counted as the engine runs it: a cell with two predecessors runs on both.
 */
import { hasDown, hasTwoPredecessors, rowsAt } from '../core/lattice.js'
import { operatorGraph, partGraph } from '../core/networkBuilder.js'
import { channels, operators, scales, type SearchSpace } from '../shared/architecture.js'
import type { LatencyPart } from '../shared/latencyTable.js'
import { graphWork, sumOfLayers, type LayerWork } from './layerWork.js'

export interface ImageSize {
  height: number
  width: number
}

/** One pass: the cells at full width, and the stem and heads of whose they are. */
export interface SupernetWork {
  cells: LayerWork
  teacher: LayerWork
  student: LayerWork
}

/** A pass of a step: whose stem and heads, and the share of the cells' multiply-adds that its widths leave. */
export interface SupernetPass {
  role: 'teacher' | 'student'
  share: number
}

export function supernetWork(space: SearchSpace, branchPairs: readonly string[], size: ImageSize): SupernetWork {
  const further = ['8,16', '8,16,32'].filter((scales) => branchPairs.includes(scales))
  const predictions = ['8', '16', '32', '8,32', '16,32', ...further]
  return {
    cells: cellsWork(space, size),
    teacher: endsWork(space, 12, predictions, size),
    student: endsWork(space, space.studentStemWidth, predictions, size)
  }
}

function cellsWork(space: SearchSpace, size: ImageSize): LayerWork {
  const works: LayerWork[] = []
  for (let layer = 0; layer < space.layers; layer++) {
    for (const row of rowsAt(layer)) {
      const runs = hasTwoPredecessors(layer, row) ? 2 : 1
      const cell = sumOfLayers(
        (hasDown(space, layer, row) ? ([1, 2] as const) : ([1] as const)).map((stride) => operatorsWork(space, row, stride, size))
      )
      // The second run has the same weights.
      for (let run = 0; run < runs; run++) works.push(run === 0 ? cell : { ...cell, weightBytes: 0 })
    }
  }
  return sumOfLayers(works)
}

/** All five operators of a row at one stride. */
function operatorsWork(space: SearchSpace, row: number, stride: 1 | 2, size: ImageSize): LayerWork {
  const scale = scales[row]
  const shape = {
    height: size.height / scale,
    width: size.width / scale,
    inChannels: channels(scale, space.baseWidth, 12),
    outChannels: channels(scale * stride, space.baseWidth, 12),
    stride
  }
  return sumOfLayers(operators.map((operator) => graphWork(operatorGraph(operator, shape))))
}

/** Stem, aggregation and heads of a role whose stem has this width in twelfths. */
function endsWork(space: SearchSpace, stemWidth: number, predictions: readonly string[], size: ImageSize): LayerWork {
  const [c8, c16, c32] = scales.map((scale) => channels(scale, space.baseWidth, stemWidth))
  const part = (name: LatencyPart, scale: number, inChannels: number, outChannels: number): LayerWork =>
    graphWork(
      partGraph(
        { part: name, height: size.height / scale, width: size.width / scale, inChannels, outChannels, stride: name === 'stem' ? 8 : 1 },
        space.baseWidth
      )
    )
  const octave = (coarse: number, coarseChannels: number, fineChannels: number): LayerWork[] => [
    part('conv1x1', coarse, coarseChannels, fineChannels),
    part('conv3x3', coarse / 2, 2 * fineChannels, fineChannels)
  ]
  const heads = predictions.map((prediction) => part('head', 8, prediction.split(',').length * c8, space.classes))
  // From 1/16 to 1/8; and from 1/32 over 1/16 to 1/8.
  const aggregation = [...octave(16, c16, c8), ...octave(32, c32, c16), ...octave(16, c16, c8)]
  return sumOfLayers([part('stem', 1, 3, c8), ...aggregation, ...heads])
}

/** Of the whole supernet, stems and heads of teacher and student included; without the norms of the narrower widths, which are a thousandth. */
export function supernetWeightBytes({ cells, teacher, student }: SupernetWork): number {
  return cells.weightBytes + teacher.weightBytes + student.weightBytes
}

/** `heads` as in the settings of pretraining. */
export function pretrainPasses(space: SearchSpace, heads: 'both' | 'teacher'): SupernetPass[] {
  const { narrowest, random } = shares(space)
  const widest: SupernetPass = { role: 'teacher', share: 1 }
  return space.widths.length === 1
    ? [widest]
    : [widest, ...[narrowest, random, random].map((share): SupernetPass => ({ role: heads === 'both' ? 'student' : 'teacher', share }))]
}

export function searchPasses(space: SearchSpace): SupernetPass[] {
  const { narrowest, random } = shares(space)
  const students = space.widths.length === 1 ? [1] : [random, 1, narrowest]
  return [{ role: 'teacher', share: 1 }, ...students.map((share): SupernetPass => ({ role: 'student', share }))]
}

/** A width acts on both sides of a convolution; random widths are drawn map by map. */
function shares({ widths }: SearchSpace): { narrowest: number; random: number } {
  const mean = widths.reduce((sum, width) => sum + width / 12, 0) / widths.length
  return { narrowest: (widths[0] / 12) ** 2, random: mean ** 2 }
}

/** Forward runs of all these passes together, one image each. */
export function passesWork(work: SupernetWork, passes: readonly SupernetPass[]): LayerWork {
  const passWork = ({ role, share }: SupernetPass): LayerWork =>
    sumOfLayers([{ ...work.cells, multiplyAdds: work.cells.multiplyAdds * share }, work[role]])
  return sumOfLayers(passes.map(passWork))
}
