/** Milliseconds that a table says, corrected where it has a correction. Whatever predicts a latency reads it here. */
import { AppError } from '../../shared/errors.js'
import { latencyKeyText, type LatencyCorrection, type LatencyKey, type LatencyTable } from '../../shared/latencyTable.js'
import { partFeatures } from './partFeatures.js'

/** Milliseconds of one part. A stride-1 skip is an identity once derived and costs nothing. Throws latency.missing-entry. */
export function tableMs(table: LatencyTable, key: LatencyKey): number {
  if (key.part === 'skip' && key.stride === 1) return 0
  const text = latencyKeyText(key)
  const entry = table.entries[text]
  if (entry === undefined) throw new AppError('latency.missing-entry', `${table.name}: the table has no entry "${text}".`)
  return table.correction === undefined ? entry.medianMs : correctedMs(table.correction, key, entry.medianMs)
}

/** Milliseconds of the one call of a network. */
export function tableCallMs({ callMs = 0, correction }: LatencyTable): number {
  return callMs * (correction?.factors.fixed ?? 1)
}

function correctedMs(correction: LatencyCorrection, key: LatencyKey, entryMs: number): number {
  const { factors, perLayerMs, perMegaweightMs, perMegavalueMs } = correction
  const { group, layers, megaweights, megavalues } = partFeatures(key)
  return factors[group] * entryMs + perLayerMs * layers + perMegaweightMs * megaweights + perMegavalueMs * megavalues
}
