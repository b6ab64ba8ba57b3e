/** What the step's thread and the threads that help it say to each other. */
import type { SearchSpace } from '../../shared/architecture.js'
import type { ErrorReport } from '../../shared/errors.js'
import type { OhemOptions } from '../loss/ohem.js'
import type { PredictionName } from '../network/supernet/layout.js'
import type { ArchitectureGradients } from './architectureGradients.js'
import type { SharedTraining } from './sharedTraining.js'
import type { StepBatch } from './supernetBatch.js'
import type { SupernetStep } from './supernetStep.js'
import type { WeightMove } from './weightUpdate.js'

/** Handed over when the thread starts. */
export interface PassThreadStart {
  space: SearchSpace
  predictions: readonly PredictionName[]
  loss: Omit<OhemOptions, 'classWeights'>
  classWeights: number[] | null
  /** Weights are written to in answers to `move` and between steps only; gradients of this thread in answers to `passes` and `add`. */
  shared: SharedTraining
  /** Which of the threads this one is; the step's own is 0. */
  thread: number
}

/** Passes of a step; or the two halves of the update, in which every thread has its share of the weights. */
export type PassRequest =
  | { ask: 'passes'; step: SupernetStep; names: string[]; batch: StepBatch }
  | { ask: 'add' }
  | { ask: 'move'; move: WeightMove }

export type PassAnswer =
  | { losses: Record<string, number> }
  | { architecture: ArchitectureGradients }
  | { squares: number }
  | { moved: true }

export type PassReply = PassAnswer | { error: ErrorReport }
