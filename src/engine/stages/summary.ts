/** What a run came to, in a few words, for its last event. Times are left out: they are the clock's, and stand in events of their own. */
import { readJournal } from '../../storage/readJournal.js'
import type { RunContext } from '../runContext.js'

export function summaryOf({ run, journal }: RunContext): Record<string, number | string | null> {
  journal.mark()
  const summary: Record<string, number | string | null> = {}
  for (const entry of readJournal(run.journalPath).entries) {
    if (entry.type === 'evaluated' && entry.split === 'val') summary[`${entry.network}MeanIoU`] = entry.scores.meanIoU
    if (entry.type === 'derived' && entry.trained) summary[`${entry.network}Parameters`] = entry.parameters
  }
  return summary
}
