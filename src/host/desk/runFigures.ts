/** What a run came to, as far as it has come, from its journal. Read again only when the journal has changed. */
import { statSync } from 'node:fs'
import type { RunSummary } from '../../shared/clientProtocol.js'
import { findEntries } from '../../storage/findEntries.js'

export type RunFigures = Pick<RunSummary, 'studentMeanIoU' | 'teacherMeanIoU' | 'measuredLatencyMs' | 'predictedLatencyMs'>

const known = new Map<string, { stamp: string; figures: RunFigures }>()

export function runFigures(journalPath: string): RunFigures {
  const found = statSync(journalPath, { throwIfNoEntry: false })
  const stamp = found === undefined ? '' : `${found.size} ${found.mtimeMs}`
  const before = known.get(journalPath)
  if (before?.stamp === stamp) return before.figures
  const figures = readFigures(journalPath)
  known.set(journalPath, { stamp, figures })
  return figures
}

function readFigures(journalPath: string): RunFigures {
  const figures: RunFigures = { studentMeanIoU: null, teacherMeanIoU: null, measuredLatencyMs: null, predictedLatencyMs: null }
  for (const entry of findEntries(journalPath, ['evaluated', 'latency-measured', 'derived'])) {
    if (entry.type === 'evaluated' && entry.split === 'val') {
      if (entry.network === 'student') figures.studentMeanIoU = entry.scores.meanIoU
      if (entry.network === 'teacher') figures.teacherMeanIoU = entry.scores.meanIoU
    }
    if (entry.type === 'derived' && entry.network === 'student' && entry.trained) figures.predictedLatencyMs = entry.predictedLatencyMs
    if (entry.type === 'latency-measured' && entry.network === 'student') {
      figures.measuredLatencyMs = entry.measuredMs
      figures.predictedLatencyMs = entry.predictedMs
    }
  }
  return figures
}
