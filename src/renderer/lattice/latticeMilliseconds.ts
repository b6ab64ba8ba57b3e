/** What one cell of the lattice costs as the search sees it, by the run's latency table. */
import { architectureProbabilities, cellExpectation } from '../../core/latency/expectedLatency.js'
import { latencyCosts, type LatencyCosts } from '../../core/latency/latencyCosts.js'
import { operators, type ArchitectureLogits, type Operator, type SearchSpace } from '../../shared/architecture.js'
import type { LatencyTable } from '../../shared/latencyTable.js'

export interface CellMilliseconds {
  /** Expected over operators and widths, at stride 1. */
  keepMs: number
  /** Where the cell halves its map; null where it cannot. */
  downMs: number | null
  /** At stride 1, expected over widths, in the order of `operators`. */
  operatorMs: Record<Operator, number>
}

/** null where the table was made for another space. */
export function costsOfLattice(space: SearchSpace, table: LatencyTable, whose: 'student' | 'teacher'): LatencyCosts | null {
  try {
    return latencyCosts(space, table, whose)
  } catch {
    return null
  }
}

export function cellMilliseconds(costs: LatencyCosts, logits: ArchitectureLogits, layer: number, row: number): CellMilliseconds {
  const { keep, down } = cellExpectation(costs, architectureProbabilities(logits), costs.cells[layer][row], layer, row)
  const operatorMs = Object.fromEntries(operators.map((operator, index) => [operator, keep.alpha[index]])) as Record<Operator, number>
  return { keepMs: keep.value, downMs: down?.value ?? null, operatorMs }
}
