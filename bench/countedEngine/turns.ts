/** What the engine that counts its steps and the process that starts it tell each other in files. */

/** In the workspace: a `TurnOrder`. */
export const orderFile = 'turns.json'
/** In the run's folder: `StepCosts`. */
export const costFile = 'costs.json'

export interface TurnOrder {
  /** Steps in a row that are kept, or not; null keeps all. */
  blockSteps: number | null
  /** Steps after which the run ends; those that are left out count, too. */
  steps: number
  checkpointSteps: number
}

/** By the clock, and processor time of the engine's whole process, which says something on a busy machine, too. */
export interface Spent {
  ms: number
  cpuMs: number
}

/** What a run keeps besides its result: journal and news to the host, pulses, checkpoints. */
export const keptThings = ['events', 'pulses', 'checkpoint'] as const
export type KeptThing = (typeof keptThings)[number]

export interface StepCost {
  stage: string
  /** Whether it was announced, pulsed and, when due, saved. */
  kept: boolean
  whole: Spent
  /** Parts of `whole`. */
  parts: Record<KeptThing, Spent>
}

export interface StepCosts {
  steps: StepCost[]
  /** Of the engine's process. */
  peakMiB: number
}
