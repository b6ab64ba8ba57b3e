/** Times a network graph on ONNX Runtime, batch 1, norms folded into their convolutions as they are in an exported network. */
import { performance } from 'node:perf_hooks'
import type { NetworkGraph } from '../../shared/networkGraph.js'
import type { NamedWeights } from '../graph/weights.js'
import { openTimed } from './openTimed.js'

export interface TimingOptions {
  /** Threads of ONNX Runtime. */
  threads: number
  /** Untimed calls before the timed ones. */
  warmup: number
  /** Timed calls. */
  repeats: number
  /** No further call begins once warm-up and timed calls together have taken this long; at least one warm-up and 3 timed calls are made. */
  capMs: number
}

const leastRepeats = 3

/** Milliseconds of each call, in the order in which they were made. Without `weights` random ones are timed, which take as long. */
export async function timeGraph(graph: NetworkGraph, options: TimingOptions, weights?: NamedWeights): Promise<number[]> {
  const start = performance.now()
  const model = await openTimed({ graph, corners: [] }, options.threads, weights)
  try {
    const isSpent = (): boolean => performance.now() - start > options.capMs
    for (let call = 1; call < options.warmup && !isSpent(); call++) await model.timeOnce()
    const samplesMs: number[] = []
    while (samplesMs.length < options.repeats && (samplesMs.length < leastRepeats || !isSpent())) samplesMs.push(await model.timeOnce())
    return samplesMs
  } finally {
    await model.close()
  }
}
