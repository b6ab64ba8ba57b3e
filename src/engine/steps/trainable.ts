/** Something that trains step by step. The loop (stepLoop.ts) runs it, pauses it, saves it and restores it, and knows nothing else of it. */
import type { StoredTensor } from '../../storage/safetensors.js'

export interface Trainable {
  /** Steps in all; step numbers are 0 .. steps - 1. */
  readonly steps: number
  /**
   * Does step number `step` and announces it. All random draws are functions of (seed, stream, step), so that a step done again
   * after a resume is the same step. Evaluations at the end of an epoch belong to the epoch's last step.
   */
  step(step: number): Promise<StepOutcome>
  /** Everything that the next step depends on besides the settings. */
  tensors(): Map<string, StoredTensor>
  /** Small plain state beside the tensors; JSON. */
  info(): Record<string, unknown>
  restore(tensors: ReadonlyMap<string, StoredTensor>, info: Record<string, unknown>): void
  dispose(): void
}

export interface StepOutcome {
  /** Seconds in which the step waited for data. */
  waitedSeconds: number
  /** False where the step's numbers were not finite and it was not applied. */
  applied: boolean
  /** Whether training ends here, before `steps` (early stopping). */
  finished?: boolean
}
