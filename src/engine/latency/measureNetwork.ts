/** The latency of a whole network, to stand beside the table's prediction. */
import type { LatencyEntry } from '../../shared/latencyTable.js'
import type { NetworkGraph } from '../../shared/networkGraph.js'
import type { NamedWeights } from '../graph/weights.js'
import { robustSummary } from './robustSummary.js'
import { timeGraph } from './timeGraph.js'
import type { TimingOptions } from './timeGraph.js'

/**
 * Times `graph` (without auxiliary heads) as it would run once exported. Nothing is taken off: the one call is part of it.
 * Without `weights` random ones are timed, which take as long.
 */
export async function measureNetwork(graph: NetworkGraph, options: TimingOptions, weights?: NamedWeights): Promise<LatencyEntry> {
  return robustSummary(await timeGraph(graph, options, weights))
}
