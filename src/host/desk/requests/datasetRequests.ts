/** Looking at a dataset before a run: what is wrong with it, and what it looks like. */
import { refuseForeignData } from '../browserLimits.js'
import { readSamplesAnswer, readScanAnswer } from '../jobAnswers.js'
import type { RequestHandlers } from '../requestHandler.js'

export const datasetRequests: Pick<RequestHandlers, 'scan' | 'samples'> = {
  async scan({ options, runJob }, { data, seed }) {
    refuseForeignData(options, data)
    return readScanAnswer(await runJob('scan', { data, seed }))
  },
  async samples({ options, runJob }, { data, seed, count }) {
    refuseForeignData(options, data)
    return readSamplesAnswer(await runJob('samples', { data, seed, count }))
  }
}
