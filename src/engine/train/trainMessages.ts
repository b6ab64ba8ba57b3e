/** What a training step's thread and the threads that help it say to each other. */
import type { Architecture } from '../../shared/architecture.js'
import type { ErrorReport } from '../../shared/errors.js'
import type { WeightPlace } from '../search/sharedWeights.js'
import type { BatchPart, TrainLossOptions } from './trainLoss.js'

/** A network whose parts of batches the thread takes from now on. */
export interface TrainOpening {
  /** What later requests call it. */
  network: number
  architecture: Architecture
  auxiliaryHeads: boolean
  loss: Omit<TrainLossOptions, 'ohem'> & { ohem: Omit<TrainLossOptions['ohem'], 'classWeights'> }
  classWeights: number[] | null
  places: WeightPlace[]
  /** Shared: the weights as they are. Written between steps only. */
  weights: Float32Array
  /** Shared: the gradients of this thread's part. Read after its reply only. */
  gradients: Float32Array
}

/** What the teacher says of a part's images. */
export interface TeacherLogits {
  shape: [number, number, number, number]
  values: Float32Array
}

export type TrainRequest = { open: TrainOpening } | { network: number; part: BatchPart; teacherLogits: TeacherLogits | undefined } | { close: number }

export type TrainReply =
  | { done: true }
  | { loss: number; parts: Record<string, number>; present: boolean[] }
  | { error: ErrorReport }
