import { latencyKeys } from '../../src/core/latency/latencyKeys.js'
import { streetClasses } from '../../src/engine/data/streets/streetClasses.js'
import type { Settings } from '../../src/shared/config/settings.js'
import { latencyKeyText, type LatencyTable } from '../../src/shared/latencyTable.js'

/** A latency table of the run's space whose numbers mean nothing: a step takes as long with any, and nothing need be measured. */
export function anyTable({ space, latency: { height, width } }: Settings): LatencyTable {
  const keys = latencyKeys({ ...space, classes: streetClasses.length }, { height, width })
  return {
    version: 1, name: 'made up', height, width, machine: { cpu: 'none', cores: 1, memoryBytes: 1, platform: 'none' },
    runtime: { name: 'none', version: '0', threads: 1 }, warmup: 1, repeats: 1, measuredAt: new Date(0).toISOString(), callMs: 0.05,
    entries: Object.fromEntries(keys.map((key) => [latencyKeyText(key), { medianMs: 1, deviationMs: 0, count: 1 }]))
  }
}
