/**
 * What a run announces. Events are facts; they never steer. The journal is a list of them and every picture is drawn from them.
 * Nothing here depends on the clock, so the journal of a resumed run is byte-identical to that of one that was never interrupted;
 * wall time, speed and memory are a `Pulse`, which goes to a side file outside the digest.
 */
import type { Architecture, ArchitectureLogits } from './architecture.js'

export const stages = ['latency', 'pretrain', 'search', 'derive', 'train-teacher', 'train-student', 'train-plain', 'train-handmade', 'evaluate', 'export', 'report'] as const
export type Stage = (typeof stages)[number]

/** The scores of a network, in the order in which tables and texts list them; fractions in 0..1. */
export const scoreNames = ['meanIoU', 'pixelAccuracy', 'boundaryIoU', 'smallObjectIoU'] as const
export type ScoreName = (typeof scoreNames)[number]

/** All but two are absent where they were not asked for, or where the run is older than they are; null for a class that does not occur. */
export interface Scores extends Partial<Record<ScoreName, number>> {
  meanIoU: number
  pixelAccuracy: number
  classIoU: (number | null)[]
}

export type RunEvent =
  /** `variant` tells two searches of one run apart: `decoupled` or `joint`. */
  | { type: 'stage-started'; stage: Stage; variant?: string; steps: number }
  | { type: 'stage-finished'; stage: Stage; variant?: string }
  /** Losses of one weight step, mean over the passes; every step of every stage that trains. */
  | { type: 'step'; stage: Stage; variant?: string; step: number; loss: number; learningRate: number; losses?: Record<string, number> }
  /** The architecture after a step of the search: what the lattice and its time slider show. */
  | {
      type: 'architecture'
      variant: string
      step: number
      teacher: ArchitectureLogits
      student: ArchitectureLogits
      /** Expected latency of teacher and student by the table, and the latency of what would be derived now. */
      latencyMs: { teacher: number; student: number; derived: number }
      /** The three decoupled terms and their weighted sum, in published units. */
      latencyTerms: { operators: number; scales: number; widths: number; joint: number; loss: number }
      lambda: number
      /** Mean entropy of the rows, in nats, divided by its maximum: 1 is undecided. */
      entropy: { alpha: number; beta: number; gamma: number }
      /** Collapse meters: share of argmax skip, share of narrowest argmax width. */
      skipFraction: number
      narrowFraction: number
    }
  /** Supernet accuracy on selection images: by network and by prediction (`8`, `16`, `32`, `8+32`, `16+32`). */
  | { type: 'supernet-evaluated'; variant: string; epoch: number; teacher: Record<string, number>; student: Record<string, number> }
  /** After an epoch of a search with the latency controller: `lambda` is the one of the next epoch, `derivedMs` by the table. */
  | { type: 'lambda-controlled'; variant: string; epoch: number; step: number; derivedMs: number; targetMs: number; change: 'doubled' | 'halved' | 'kept'; lambda: number }
  | { type: 'pair-judged'; variant: string; pair: string; meanIoU: number; latencyMs: number; objective: number; chosen: boolean }
  /**
   * Architectures trained for `steps` steps and compared on the selection images; number 0 is the likeliest, the others were drawn, or are
   * `plain` networks of the space.
   * Rounds count from 0. `chosen`: among the best so far, which go on; after the last round, the one that is the student.
   */
  | {
      type: 'candidate-judged'
      variant: string
      round: number
      candidate: number
      drawn: boolean
      plain?: true
      pair: string
      steps: number
      meanIoU: number
      latencyMs: number
      objective: number
      chosen: boolean
    }
  /** `trained`: whether this is the one that the run goes on with; of two searches only the first one's networks are trained. */
  | { type: 'derived'; variant: string; network: 'teacher' | 'student' | 'handmade'; architecture: Architecture; parameters: number; multiplyAdds: number; predictedLatencyMs: number; trained: boolean }
  | { type: 'evaluated'; network: string; split: 'selection' | 'val'; step: number; scores: Scores; best: boolean }
  | { type: 'latency-measured'; network: string; predictedMs: number; measuredMs: number; deviationMs: number; count: number }
  | { type: 'exported'; network: string; format: string; path: string; largestDifference: number; argmaxAgreement: number }
  /** A step whose numbers were not finite: it was not applied. */
  | { type: 'step-refused'; stage: Stage; variant?: string; step: number; reason: string }
  | { type: 'note'; text: string }
  | { type: 'run-finished'; summary: Record<string, number | string | null> }

/** A journal line: an event with its place in the order, from 1, without gaps. */
export type JournalEntry = RunEvent & { sequence: number }

/** What the clock says; for progress bars and the record of forecasts. Never in the journal. */
export interface Pulse {
  stage: Stage
  variant?: string
  step: number
  steps: number
  /** Monotonic seconds since this process started working on the stage's steps. */
  elapsedSeconds: number
  stepSeconds: number
  /** Of them, seconds in which a step waited for data. */
  waitedSeconds: number
  /** Seconds until the whole plan is done, by what was measured so far. */
  remainingSeconds: number | null
  residentBytes: number
}
