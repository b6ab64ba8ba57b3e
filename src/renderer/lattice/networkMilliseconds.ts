/** Where the milliseconds of a derived network go, by the run's latency table. */
import { derivedParts } from '../../core/network/derivedGraph.js'
import { tableCallMs, tableMs } from '../../core/latency/tableMs.js'
import type { Architecture, Scale } from '../../shared/architecture.js'
import type { LatencyTable } from '../../shared/latencyTable.js'

export interface NetworkMilliseconds {
  stemMs: number
  /** All cells, shared ones once. */
  cellsMs: number
  /** Joining the branches, head, last resize. */
  restMs: number
  callMs: number
  totalMs: number
  /** The cell at this place of the branch, from 0; 0 for a cell that is an identity. */
  cellMs(finalScale: Scale, position: number): number
}

/** null where the table was made for another space or size. */
export function networkMilliseconds(architecture: Architecture, table: LatencyTable): NetworkMilliseconds | null {
  const parts = timedParts(architecture, table)
  if (!parts) return null
  const sum = (wanted: (name: string) => boolean): number => parts.reduce((total, { name, ms }) => total + (wanted(name) ? ms : 0), 0)
  const stemMs = sum((name) => name === 'stem')
  const cellsMs = sum((name) => cellName.test(name))
  const restMs = sum((name) => name !== 'stem' && !cellName.test(name))
  const callMs = tableCallMs(table)
  return {
    stemMs, cellsMs, restMs, callMs, totalMs: stemMs + cellsMs + restMs + callMs,
    cellMs: (finalScale, position) => sum((name) => {
      const match = cellName.exec(name)
      return match !== null && Number(match[2]) === position && (match[1] === 'shared' || /[\d-]+/.exec(match[1])![0].split('-').includes(String(finalScale)))
    })
  }
}

/** `shared.cell0`, `branch32.cell3`, or `branches32-16.cell2` where two of three branches share a cell. */
const cellName = /^(shared|branch[\d-]+|branches[\d-]+)\.cell(\d+)$/

function timedParts(architecture: Architecture, table: LatencyTable): { name: string; ms: number }[] | null {
  try {
    return derivedParts(architecture, table).map(({ name, key }) => ({ name, ms: tableMs(table, key) }))
  } catch {
    return null
  }
}
