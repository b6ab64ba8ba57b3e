/** How long the latency table takes to measure, and a network to time on the device. */
import { networkCost } from '../core/cost.js'
import { latencyKeys } from '../core/latency/latencyKeys.js'
import { partGraph } from '../core/networkBuilder.js'
import type { SearchSpace } from '../shared/architecture.js'
import type { LatencySettings } from '../shared/config/settings.js'
import { noEffort, otherEffort } from './effort.js'
import { taskWork, type StageWork } from './stageWork.js'

/** ONNX Runtime on one thread. */
const deviceMultiplyAddsPerSecond = 25e9
/** A model is written, opened and prepared. */
const openSeconds = 0.01
/** A measurement of an entry takes no longer than this (latency/measureTable). */
const capSeconds = 1

export function latencyWork(latency: LatencySettings, space: SearchSpace): StageWork {
  if (latency.table !== '') return taskWork('latency', noEffort)
  const entries = latencyKeys(space, latency).map((key) => {
    const calls = (latency.warmup + latency.repeats) * callSeconds(networkCost(partGraph(key, space.baseWidth)).multiplyAdds)
    return openSeconds + Math.min(capSeconds, calls)
  })
  return taskWork('latency', otherEffort(entries.reduce((sum, entry) => sum + entry, 0)))
}

/** Of one call on the device. */
export function callSeconds(multiplyAdds: number): number {
  return multiplyAdds / deviceMultiplyAddsPerSecond
}
