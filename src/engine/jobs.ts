/** The single jobs outside a run, by name. A job that is not in this table is refused by name. */
import type { Job } from './job.js'
import { deriveJob } from './worker/deriveJob.js'
import { evaluateJob } from './worker/evaluateJob.js'
import { exportJob } from './worker/exportJob.js'
import { latencyJob, timeJob } from './worker/latencyJobs.js'
import { operatorsJob } from './worker/operatorsJob.js'
import { reportJob } from './worker/reportJob.js'
import { samplesJob } from './worker/samplesJob.js'
import { scanJob } from './worker/scanJob.js'

export const jobs: Record<string, Job> = {
  derive: deriveJob,
  evaluate: evaluateJob,
  export: exportJob,
  latency: latencyJob,
  operators: operatorsJob,
  report: reportJob,
  samples: samplesJob,
  scan: scanJob,
  time: timeJob
}
