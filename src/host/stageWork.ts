/** One stage of a run as the forecast sees it. */
import type { Stage } from '../shared/events.js'
import type { Effort } from './effort.js'

export interface StageWork extends Effort {
  /** dataset: what comes before the first stage; the engine is started and every image is read once. */
  stage: Stage | 'dataset'
  variant?: string
  steps: number
  /** Maps that one step keeps for its backward pass; or one evaluated image, where that needs more memory. */
  mapBytes: number
  /** All copies of the supernet's weights that a step holds; 0 where there is no supernet: a derived network's weights are few. */
  weightBytes: number
}

/** A stage without steps. */
export function taskWork(stage: StageWork['stage'], effort: Effort): StageWork {
  return { stage, steps: 0, mapBytes: 0, weightBytes: 0, ...effort }
}

/** `search (joint)`: the stage's name with its variant. */
export function stageName({ stage, variant }: { stage: string; variant?: string }): string {
  return variant === undefined ? stage : `${stage} (${variant})`
}
