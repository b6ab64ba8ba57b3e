import type { Architecture } from '../../shared/architecture.js'
import type { LatencyTable } from '../../shared/latencyTable.js'
import { derivedParts } from '../network/derivedGraph.js'
import { tableCallMs, tableMs } from './tableMs.js'

/**
 * Latency of a derived network by the table, at the table's image size: the sum of its parts, and the cost of one call, corrected where the table
 * has a correction.
 * Throws latency.missing-entry if the table was made for another space.
 */
export function tableLatencyMs(architecture: Architecture, table: LatencyTable): number {
  const parts = derivedParts(architecture, table)
  return parts.reduce((sum, { key }) => sum + tableMs(table, key), tableCallMs(table))
}
