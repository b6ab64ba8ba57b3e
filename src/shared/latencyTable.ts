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
  /** ISO 8601; for people only. */
  measuredAt: string
  /** By `latencyKeyText`. */
  entries: Record<string, LatencyEntry>
}

/** The text under which an entry stands, such as `conv_2x 128x256 64>32 s1`. */
export function latencyKeyText(key: LatencyKey): string {
  return `${key.part} ${key.height}x${key.width} ${key.inChannels}>${key.outChannels} s${key.stride}`
}
