/** Stage `report`: everything in one HTML file, outputs/report.html. */
import { writeReport } from '../report/writeReport.js'
import type { StagePlan } from './stageTable.js'

export const reportStage: StagePlan = {
  stage: 'report',
  steps: 0,
  run({ context, outputs }) {
    // The report reads the journal from disk.
    context.journal.mark()
    writeReport(context.folder, outputs.path('report.html'))
    return Promise.resolve(true)
  }
}
