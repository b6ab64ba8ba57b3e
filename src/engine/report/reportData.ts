/** Everything that a report shows, gathered from a run's folder. */
import { join } from 'node:path'
import type { ReportData } from '../../shared/report.js'
import { readJournal } from '../../storage/readJournal.js'
import { overlaysFolder, runDescription } from '../../storage/runDescription.js'
import { RunFolder } from '../../storage/runFolder.js'
import { reportPictures } from './reportPictures.js'
import { thinEvents } from './thinEvents.js'

/** Reads the run; changes nothing. Throws run.not-found, file.format. */
export function reportData(runFolder: string): ReportData {
  const run = RunFolder.open(runFolder)
  const { events, thinned } = thinEvents(readJournal(run.journalPath).entries)
  const { pictures, leftOut } = reportPictures(join(run.outputsPath, overlaysFolder))
  return { ...runDescription(run), events, thinned, pictures, picturesLeftOut: leftOut }
}
