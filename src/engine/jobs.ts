/** The single jobs outside a run. A job that is not in this table is refused by name. */
import type { Job } from './job.js'

export const jobs: Record<string, Job> = {}
