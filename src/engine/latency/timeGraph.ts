/** Times a network graph on ONNX Runtime, batch 1, norms folded into their convolutions as they are in an exported network. */
import { performance } from 'node:perf_hooks'
import type { NetworkGraph } from '../../shared/networkGraph.js'
import { writeOnnx } from '../graph/onnx.js'
import { randomWeights } from '../graph/randomWeights.js'
import { openSession } from '../graph/session.js'
import type { NamedWeights } from '../graph/weights.js'
import { noiseInput } from './noiseInput.js'

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

/**
 * Milliseconds of each call, in the order in which they were made. Latency does not depend on the weights' values, so random ones do
 * unless `weights` are given. The input is noise; the output goes into the same memory every time.
 */
export async function timeGraph(graph: NetworkGraph, options: TimingOptions, weights?: NamedWeights): Promise<number[]> {
  const model = writeOnnx(graph, weights ?? randomWeights(graph, 0), { foldNorm: true })
  const session = await openSession(model, { threads: options.threads })
  try {
    const start = performance.now()
    const isSpent = (): boolean => performance.now() - start > options.capMs
    await session.prepare(noiseInput(session.inputShape))
    for (let call = 1; call < options.warmup && !isSpent(); call++) await session.timeOnce()
    const samplesMs: number[] = []
    while (samplesMs.length < options.repeats && (samplesMs.length < leastRepeats || !isSpent())) samplesMs.push(await session.timeOnce())
    return samplesMs
  } finally {
    await session.close()
  }
}
