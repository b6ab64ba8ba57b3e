/** One stage of a run as the pipeline sees it. */
import type { Stage } from '../../shared/events.js'
import type { StoredTensor } from '../../storage/safetensors.js'
import type { LoopStart } from '../steps/stepLoop.js'
import type { Workplace } from './workplace.js'

/** Where a stage that was interrupted goes on. */
export interface ResumePoint extends LoopStart {
  tensors: ReadonlyMap<string, StoredTensor>
  /** What `Trainable.info` gave. */
  info: Record<string, unknown>
}

export interface StagePlan {
  stage: Stage
  variant?: string
  /** Training steps; 0 for a task without steps. */
  steps: number
  /** Where the true number of steps is known only later: it is never above this. */
  mostSteps?: number
  /** Does the stage. @returns false if the run was stopped before its end. */
  run(workplace: Workplace, place: StageRun): Promise<boolean>
}

/** What the pipeline tells a stage of its place in the run. */
export interface StageRun {
  positionBefore: number
  /** Goes into every checkpoint of the stage, as it is when the checkpoint is taken: a stage writes files while it trains. */
  runState: () => Record<string, unknown>
  secondsAfter: number | null
  resume: ResumePoint | null
}
