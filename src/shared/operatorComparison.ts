/** The comparison of operators that chose the five (FasterSeg, section 3.1): what is compared, and what comes out. Plain data. */
import type { LatencyTable } from './latencyTable.js'

/** The five's convolutions, spelt as they are there, and those that were not taken. Skip is no convolution. */
export const comparedOperators = ['conv', 'conv_2x', 'conv_downup', 'conv_2x_downup', 'conv_group2', 'conv_dilated2', 'conv_separable'] as const
export type ComparedOperator = (typeof comparedOperators)[number]

/** The map that every operator reads and writes, stride 1: height and width in pixels, as many channels in as out. */
export interface ComparedMap {
  height: number
  width: number
  /** Even, for two groups. */
  channels: number
}

/** The map of the paper's comparison: 1x256x32x64. */
export const publishedComparedMap: ComparedMap = { height: 32, width: 64, channels: 256 }

/** What an operator costs and sees, counted from its graph. */
export interface CountedOperator {
  operator: ComparedOperator
  /** Weights, and scale and offset of batch norms. */
  parameters: number
  /** Of convolutions only. */
  multiplyAdds: number
  /** Pixels of the input that one pixel of the output depends on, in the middle of the map. */
  receptiveField: { height: number; width: number }
}

/** Milliseconds of one call, batch 1, float32, behind a convolution whose own time is taken off; median and deviation over `count` rounds. */
export interface MeasuredOperator extends CountedOperator {
  medianMs: number
  deviationMs: number
  count: number
}

export interface OperatorComparison {
  map: ComparedMap
  machine: LatencyTable['machine']
  runtime: LatencyTable['runtime']
  /** Times that every operator was timed, in turn with the others. */
  rounds: number
  /** ISO 8601; for people only. */
  measuredAt: string
  /** In the order of `comparedOperators`. */
  operators: MeasuredOperator[]
}
