/** Job `report`: what a run has come to so far, as one HTML file. */
import { reportInput } from '../../shared/jobInputs.js'
import { job } from '../job.js'
import { writeReport } from '../report/writeReport.js'

export const reportJob = job(reportInput, ({ run, out }) => Promise.resolve({ out: writeReport(run, out) }))
