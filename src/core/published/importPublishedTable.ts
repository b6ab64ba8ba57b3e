import type { SearchSpace } from '../../shared/architecture.js'
import { latencyKeyText, type LatencyEntry, type LatencyTable } from '../../shared/latencyTable.js'
import { latencyKeys } from '../latency/latencyKeys.js'
import { ownPartMs, type PublishedTable } from './publishedTable.js'

const size = { height: 1024, width: 2048 }

/** The space that the authors' table was measured for. */
const publishedSpace: SearchSpace = { layers: 16, baseWidth: 12, widths: [4, 6, 8, 10, 12], studentStemWidth: 8, classes: 19 }

/**
 * The authors' table (GTX 1080Ti, TensorRT 5.1.5, float32, batch 1, 1024x2048) in our format. Each entry is one number, without a known
 * deviation. They did not measure the resizes outside of operators, so those count 0 here. A conv_2x_downup has its own entry, which the
 * published code never reads. Throws latency.missing-entry if `table` is not the authors'.
 */
export function importPublishedTable(table: PublishedTable): LatencyTable {
  const entries = latencyKeys(publishedSpace, size).map((key): [string, LatencyEntry] => {
    const isFusion = key.part === 'conv1x1' && key.inChannels === key.outChannels
    return [latencyKeyText(key), { medianMs: ownPartMs(table, key, isFusion), deviationMs: 0, count: 1 }]
  })
  return {
    version: 1,
    name: 'GTX 1080Ti (FasterSeg authors)',
    ...size,
    machine: { cpu: 'NVIDIA GeForce GTX 1080Ti', cores: 0, memoryBytes: 0, platform: 'unknown' },
    runtime: { name: 'TensorRT', version: '5.1.5', threads: 0 },
    warmup: 0,
    repeats: 1,
    measuredAt: '2019',
    entries: Object.fromEntries(entries)
  }
}
