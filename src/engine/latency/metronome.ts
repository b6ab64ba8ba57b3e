/**
 * A small network of fixed shape that is timed again and again beside everything else. A machine's speed drifts: other programs, other
 * machines on the same host, heat. What is measured at different times is comparable once each is divided by the metronome's pace then.
 */
import { median } from '../../core/median.js'
import type { NetworkGraph } from '../../shared/networkGraph.js'
import { GraphBuilder } from '../../core/network/graphBuilder.js'
import { addOperator } from '../../core/network/addOperator.js'
import type { OpenTimed, TimedModel } from './openTimed.js'

/** After a large network the metronome's own maps and weights are out of the caches: its first calls are up to twice as slow and tell nothing. */
const settlingCalls = 3
const readCalls = 2

export interface Metronome {
  /** Two calls now, in milliseconds, after some that are not read. */
  beat(): Promise<number[]>
  close(): Promise<void>
}

export async function openMetronome(open: OpenTimed, threads: number): Promise<Metronome> {
  const model: TimedModel = await open({ graph: metronomeGraph, corners: [] }, threads)
  return {
    async beat() {
      const samplesMs: number[] = []
      for (let call = 0; call < settlingCalls; call++) await model.timeOnce()
      for (let call = 0; call < readCalls; call++) samplesMs.push(await model.timeOnce())
      return samplesMs
    },
    close: () => model.close()
  }
}

/**
 * Factor for each round that brings what was measured in it to `paceMs`. `beats[round]` are the readings of that round. A single reading is
 * far noisier than what it would correct (docs/decisions/012), so a round is divided by the median of all its readings.
 */
export function roundFactors(beats: readonly (readonly number[][])[], paceMs: number): number[] {
  return beats.map((readings) => paceMs / paceOf(readings))
}

/** Milliseconds: the median over visits of the median reading. */
export function paceOf(readings: readonly (readonly number[])[]): number {
  return median(readings.map((beatsMs) => median(beatsMs)))
}

/** Convolutions and resizes, as networks have them: 48 million multiply-adds. */
export const metronomeGraph: NetworkGraph = buildMetronome()

function buildMetronome(): NetworkGraph {
  const builder = new GraphBuilder()
  const input = builder.input({ height: 32, width: 64, channels: 32 })
  const convolved = addOperator(builder, 'first', 'conv_2x', input, { outChannels: 32, stride: 1 })
  return builder.graph([addOperator(builder, 'second', 'conv_2x_downup', convolved, { outChannels: 32, stride: 1 })])
}
