/** A table of measured latencies: an immutable input of a run. One entry a part of the space at one size. */
import type { Operator } from './architecture.js'

/** What is timed: the five operators, and the parts that every derived network has besides its cells. */
export type LatencyPart = Operator | 'stem' | 'conv1x1' | 'conv3x3' | 'head' | 'resize'

/**
 * One thing to time, batch 1, float32. height and width are the input map's, in pixels.
 * conv1x1, conv3x3: convolution with batch norm and ReLU. stem: the whole stem, from the image to 1/8. head: 3x3 then 1x1 to classes.
 * resize: bilinear, align_corners, to stride times the size (channels unchanged). A stride-1 skip is an identity once derived and costs 0.
 */
export interface LatencyKey {
  part: LatencyPart
  height: number
  width: number
  inChannels: number
  outChannels: number
  stride: number
}

export interface LatencyEntry {
  medianMs: number
  deviationMs: number
  count: number
}

export interface LatencyTable {
  version: 1
  name: string
  /** Target image size in pixels. */
  height: number
  width: number
  machine: { cpu: string; cores: number; memoryBytes: number; platform: string }
  runtime: { name: string; version: string; threads: number }
  warmup: number
  repeats: number
  /** Milliseconds of a call that computes nothing. In no entry: a whole network pays for one call, not for one a part. */
  callMs?: number
  /** What was counted: the time that the processor worked (one thread), or the clock's. Absent: the clock's. */
  clock?: 'processor' | 'wall'
  /** Pace of the metronome (docs/glossary.md) that all entries are brought to. What is timed later compares after being brought to it too. */
  metronomeMs?: LatencyEntry
  /** ISO 8601; for people only. */
  measuredAt: string
  /** By `latencyKeyText`. */
  entries: Record<string, LatencyEntry>
  /** What whole networks showed that sums of entries miss; every milliseconds that is read from the table is corrected by it. */
  correction?: LatencyCorrection
}

/**
 * fixed: what every network with the same number of branches has (call, stem, fusion, head, resize to the image). plain: conv, conv_2x,
 * and the stride-2 skip, which no derived network has. zoomed: conv_downup, conv_2x_downup. join: the ways of the branches back to 1/8.
 */
export const partGroups = ['fixed', 'plain', 'zoomed', 'join'] as const
export type PartGroup = (typeof partGroups)[number]

/**
 * A part of group g takes factors[g] times its entry; one that is not fixed also perLayerMs for each of its layers, perMegaweightMs for
 * each million of its weights, and perMegavalueMs for each million numbers of the maps that it makes. Linear in the parts, so that it
 * holds for the expected latency of a search as it does for one network.
 */
export interface LatencyCorrection {
  version: 1
  factors: Record<PartGroup, number>
  perLayerMs: number
  perMegaweightMs: number
  perMegavalueMs: number
  fitted: CorrectionFit
}

/** How a correction was fitted. Errors are |predicted - measured| / measured. */
export interface CorrectionFit {
  /** Random networks of the space, drawn with this seed. */
  networks: number
  seed: number
  /** How often each network was visited. */
  rounds: number
  /** Weight of the pull towards the plain sum, chosen by cross-validation. */
  ridge: number
  /** Of the plain sum; of the corrected one on these networks; the same of networks left out of the fit (5 folds). */
  medianErrorBefore: number
  medianErrorAfter: number
  medianErrorLeftOut: number
  worstErrorAfter: number
}

/** The text under which an entry stands, such as `conv_2x 128x256 64>32 s1`. */
export function latencyKeyText(key: LatencyKey): string {
  return `${key.part} ${key.height}x${key.width} ${key.inChannels}>${key.outChannels} s${key.stride}`
}
