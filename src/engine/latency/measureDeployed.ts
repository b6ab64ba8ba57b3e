/** The latency of an architecture as it is deployed, by the settings that a latency table is measured by. */
import { derivedGraph } from '../../core/networkBuilder.js'
import type { Architecture } from '../../shared/architecture.js'
import type { LatencySettings } from '../../shared/config/settings.js'
import type { LatencyEntry } from '../../shared/latencyTable.js'
import type { NamedWeights } from '../graph/weights.js'
import { measureNetwork } from './measureNetwork.js'

/** One network is timed more often than each of the hundreds of operators, but for at most this long. */
const leastRepeats = 20
const capMs = 10_000

export type DeployedTiming = Pick<LatencySettings, 'height' | 'width' | 'threads' | 'warmup' | 'repeats'>

/** Without `weights` random ones are timed, which take as long. */
export function measureDeployed(architecture: Architecture, timing: DeployedTiming, weights?: NamedWeights): Promise<LatencyEntry> {
  const { height, width, threads, warmup, repeats } = timing
  const graph = derivedGraph(architecture, { height, width, auxiliaryHeads: false })
  return measureNetwork(graph, { threads, warmup, repeats: Math.max(repeats, leastRepeats), capMs }, weights)
}
