/**
 * Times the operators of the comparison beside each other. Each stands behind a cheap convolution, as it would in a network, and the time of
 * that convolution alone is taken off (carriedGraph.ts says why). They are timed in turn, round by round, and the difference is taken within
 * a round: what slows the machine for a while slows all of them.
 */
import { comparedOperatorGraph } from '../../core/networkBuilder.js'
import type { LatencyEntry } from '../../shared/latencyTable.js'
import type { NetworkGraph } from '../../shared/networkGraph.js'
import type { ComparedMap, ComparedOperator } from '../../shared/operatorComparison.js'
import { writeOnnx } from '../graph/onnx.js'
import { randomWeights } from '../graph/randomWeights.js'
import { openSession, type ModelSession } from '../graph/session.js'
import { carriedGraph, carrierGraph } from './carriedGraph.js'
import { noiseInput } from './noiseInput.js'
import { robustSummary } from './robustSummary.js'

export interface MeasureOperatorsOptions {
  /** Threads of ONNX Runtime. */
  threads: number
  /** How often each operator is timed. */
  rounds: number
  /** Told after every round. */
  onProgress?: (done: number, total: number) => void
  /** Asked before every round. */
  stopRequested?: () => boolean
}

const carrierChannels = 8
const warmupRounds = 3

/** Milliseconds of each operator, in the order given. Null if a stop was requested. */
export async function measureOperators(
  operators: readonly ComparedOperator[],
  map: ComparedMap,
  options: MeasureOperatorsOptions
): Promise<LatencyEntry[] | null> {
  const graphs = [carrierGraph(map, carrierChannels), ...operators.map((operator) => carriedGraph(comparedOperatorGraph(operator, map), carrierChannels))]
  const sessions: ModelSession[] = []
  try {
    for (const graph of graphs) sessions.push(await openNetwork(graph, options.threads))
    const differencesMs: number[][] = operators.map(() => [])
    for (let round = -warmupRounds; round < options.rounds; round++) {
      if (options.stopRequested?.() === true) return null
      const [carrierMs, ...carriedMs] = await timeRound(sessions, round + warmupRounds)
      if (round < 0) continue
      carriedMs.forEach((ms, index) => differencesMs[index].push(ms - carrierMs))
      options.onProgress?.(round + 1, options.rounds)
    }
    return differencesMs.map(summary)
  } finally {
    for (const session of sessions) await session.close()
  }
}

/** Each begins every so many rounds, so that none always follows the same one. */
async function timeRound(sessions: readonly ModelSession[], round: number): Promise<number[]> {
  const milliseconds: number[] = []
  for (let turn = 0; turn < sessions.length; turn++) {
    const index = (turn + round) % sessions.length
    // A call before the one that counts: the threads of the network before go to sleep, and its weights leave the cache.
    await sessions[index].timeOnce()
    milliseconds[index] = await sessions[index].timeOnce()
  }
  return milliseconds
}

async function openNetwork(graph: NetworkGraph, threads: number): Promise<ModelSession> {
  const session = await openSession(writeOnnx(graph, randomWeights(graph, 0), { foldNorm: true }), { threads })
  await session.prepare(noiseInput(session.inputShape))
  return session
}

/** An operator too small to be seen beside the convolution before it costs nothing, not less. */
function summary(differencesMs: number[]): LatencyEntry {
  const entry = robustSummary(differencesMs)
  return { ...entry, medianMs: Math.max(0, entry.medianMs) }
}
