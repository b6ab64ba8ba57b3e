/** What a latency was measured on. */
import { cpus, totalmem } from 'node:os'
import type { LatencyTable } from '../../shared/latencyTable.js'
import { runtimeVersion } from '../graph/session.js'

export function thisMachine(): LatencyTable['machine'] {
  const cores = cpus()
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryBytes: totalmem(),
    platform: `${process.platform}-${process.arch}`
  }
}

export function thisRuntime(threads: number): LatencyTable['runtime'] {
  return { name: 'onnxruntime', version: runtimeVersion(), threads }
}
