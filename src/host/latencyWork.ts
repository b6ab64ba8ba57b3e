/** How long the latency table takes to measure, and a network to time on the device. */
import { networkCost } from '../core/cost.js'
import { latencyKeys } from '../core/latency/latencyKeys.js'
import { randomNetworks } from '../core/latency/randomNetworks.js'
import { derivedGraph, partGraph } from '../core/networkBuilder.js'
import type { SearchSpace } from '../shared/architecture.js'
import type { LatencySettings } from '../shared/config/settings.js'
import { noEffort, otherEffort } from './effort.js'
import { taskWork, type StageWork } from './stageWork.js'

/** ONNX Runtime on one thread. */
const deviceMultiplyAddsPerSecond = 25e9
/** A model is written, opened and prepared. */
const openSeconds = 0.01
/** A visit to an entry takes no longer than this (latency/measureTable), but for what must be. */
const capSeconds = 0.4
/** Most visits of an entry, and those of a network (latency/measureTable, latency/measureSpace), and what the metronome takes at each. */
const mostRounds = 5
const metronomeSeconds = 0.015

export function latencyWork(latency: LatencySettings, space: SearchSpace): StageWork {
  if (latency.table !== '') return taskWork('latency', noEffort)
  const rounds = Math.max(1, Math.min(mostRounds, Math.floor(latency.repeats / 2)))
  const calls = latency.warmup * rounds + latency.repeats
  const entries = latencyKeys(space, latency).map((key) => {
    const seconds = calls * callSeconds(networkCost(partGraph(key, space.baseWidth)).multiplyAdds)
    return rounds * (openSeconds + metronomeSeconds) + Math.min(rounds * capSeconds, seconds)
  })
  const sum = entries.reduce((total, entry) => total + entry, 0)
  return taskWork('latency', otherEffort(sum + networkSeconds(latency, space)))
}

/** The networks of the correction: all as the first one. */
function networkSeconds(latency: LatencySettings, space: SearchSpace): number {
  if (latency.networks === 0) return 0
  const [sample] = randomNetworks(space, { count: 1, seed: 1, stream: 'latency-fit' })
  const graph = derivedGraph(sample, { height: latency.height, width: latency.width, auxiliaryHeads: false })
  const visit = openSeconds + metronomeSeconds + (latency.warmup + latency.repeats / mostRounds) * callSeconds(networkCost(graph).multiplyAdds)
  return latency.networks * mostRounds * visit
}

/** Of one call on the device. */
export function callSeconds(multiplyAdds: number): number {
  return multiplyAdds / deviceMultiplyAddsPerSecond
}
