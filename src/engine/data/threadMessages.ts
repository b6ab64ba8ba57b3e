/** What loader and loader thread say to each other. */
import type { ErrorReport } from '../../shared/errors.js'
import type { Dataset, Sample, SampleReference } from './dataset.js'
import type { BatchArrays, BatchPlan } from './makeBatch.js'

export interface ThreadStart {
  dataset: Dataset
  cacheBytes: number
}

export type ThreadRequest =
  | { type: 'plan'; plan: number; content: BatchPlan }
  | { type: 'batch'; request: number; plan: number; step: number }
  | { type: 'sample'; request: number; reference: SampleReference }

export type ThreadReply =
  { request: number; batch: BatchArrays } | { request: number; sample: Sample } | { request: number; error: ErrorReport }
