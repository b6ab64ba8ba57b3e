/** What the step's thread and the threads that help it say to each other. */
import type { SearchSpace } from '../../shared/architecture.js'
import type { ErrorReport } from '../../shared/errors.js'
import type { OhemOptions } from '../loss/ohem.js'
import type { PredictionName } from '../network/supernet/layout.js'
import type { ArchitectureGradients } from './architectureGradients.js'
import type { WeightPlace } from './sharedWeights.js'
import type { StepBatch } from './supernetBatch.js'
import type { SupernetStep } from './supernetStep.js'

/** Handed over when the thread starts. */
export interface PassThreadStart {
  space: SearchSpace
  predictions: readonly PredictionName[]
  loss: Omit<OhemOptions, 'classWeights'>
  classWeights: number[] | null
  places: WeightPlace[]
  /** Shared: the weights as they are. Written between steps only. */
  weights: Float32Array
  /** Shared: the sum of the gradients of this thread's passes. Read after its reply only. */
  gradients: Float32Array
}

export interface PassRequest {
  step: SupernetStep
  names: string[]
  batch: StepBatch
  /** Whether the weights moved since the last request. */
  weightsMoved: boolean
}

export type PassReply =
  | { losses: Record<string, number>; present: boolean[] }
  | { architecture: ArchitectureGradients }
  | { error: ErrorReport }
