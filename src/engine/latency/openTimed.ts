/** A network on ONNX Runtime, ready to be timed call by call: batch 1, norms folded into their convolutions as in an exported network. */
import { writeOnnx } from '../graph/onnx.js'
import { randomWeights } from '../graph/randomWeights.js'
import { openSession } from '../graph/session.js'
import type { NamedWeights } from '../graph/weights.js'
import { noiseInput } from './noiseInput.js'
import type { TimedGraph } from './probes.js'

export interface TimedModel {
  /** One call; its milliseconds. */
  timeOnce(): Promise<number>
  close(): Promise<void>
}

/** What measurements open their networks with; tests hand in one whose times they know. */
export type OpenTimed = (timed: TimedGraph, threads: number) => Promise<TimedModel>

/**
 * Has been called once, untimed. Latency does not depend on the weights' values, so random ones do unless `weights` are given. The input
 * is noise; the output goes into the same memory every time.
 */
export async function openTimed({ graph, corners }: TimedGraph, threads: number, weights?: NamedWeights): Promise<TimedModel> {
  const model = writeOnnx(graph, weights ?? randomWeights(graph, 0), { foldNorm: true, corners })
  const session = await openSession(model, { threads })
  await session.prepare(noiseInput(session.inputShape))
  return { timeOnce: () => session.timeOnce(), close: () => session.close() }
}
