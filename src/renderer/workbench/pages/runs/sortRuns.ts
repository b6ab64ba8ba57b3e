import type { RunSummary } from '../../../../shared/clientProtocol.js'

export const sortColumns = ['name', 'state', 'studentMeanIoU', 'teacherMeanIoU', 'latency', 'created'] as const
export type SortColumn = (typeof sortColumns)[number]

const keys: Record<SortColumn, (run: RunSummary) => string | number | null> = {
  name: (run) => run.name,
  state: (run) => run.live ?? run.progress,
  studentMeanIoU: (run) => run.studentMeanIoU,
  teacherMeanIoU: (run) => run.teacherMeanIoU,
  latency: (run) => run.measuredLatencyMs ?? run.predictedLatencyMs,
  created: (run) => run.createdAt
}

/** A sorted copy. Runs without a value stand last, whichever way the others go. */
export function sortRuns(runs: readonly RunSummary[], column: SortColumn, ascending: boolean): RunSummary[] {
  const key = keys[column]
  return [...runs].sort((first, second) => {
    const [a, b] = [key(first), key(second)]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true })
    return ascending ? order : -order
  })
}
