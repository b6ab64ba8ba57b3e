/** Whoever runs the steps of a supernet: one thread or several. */
import type { Weight } from '../graph/weights.js'
import type { ArchitectureGradients } from './architectureGradients.js'
import type { StepBatch } from './supernetBatch.js'
import type { ArchitectureStepPlan, WeightStepPlan } from './supernetStep.js'
import type { WeightStepResult } from './supernetTrainer.js'

export interface PassTeam {
  /** Runs the passes, clips and moves the trainer's weights; where a number is not finite, nothing is moved. */
  weightStep(step: WeightStepPlan, batch: StepBatch, learningRate: number): Promise<WeightStepResult>
  architectureGradients(step: ArchitectureStepPlan, batch: StepBatch): Promise<ArchitectureGradients>
  /** Copies of SGD's velocities; a weight that never had a gradient has none. */
  velocities(): Map<string, Weight>
  /** Takes weights and velocities of a checkpoint over. */
  restore(weights: ReadonlyMap<string, Weight>, velocities: ReadonlyMap<string, Weight>): void
  close(): void
}
