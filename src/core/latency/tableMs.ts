import { AppError } from '../../shared/errors.js'
import { latencyKeyText, type LatencyKey, type LatencyTable } from '../../shared/latencyTable.js'

/** Milliseconds of one part. A stride-1 skip is an identity once derived and costs nothing. Throws latency.missing-entry. */
export function tableMs(table: LatencyTable, key: LatencyKey): number {
  if (key.part === 'skip' && key.stride === 1) return 0
  const text = latencyKeyText(key)
  const entry = table.entries[text]
  if (entry === undefined) throw new AppError('latency.missing-entry', `${table.name}: the table has no entry "${text}".`)
  return entry.medianMs
}
