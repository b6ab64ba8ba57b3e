/**
 * Runs a Trainable step by step: announces, checkpoints, pauses, stops, and says how long the rest takes. Three steps in a row whose
 * numbers are not finite end the run with a named error; a single one is announced and passed over (reliability, F16).
 */
import { AppError } from '../../shared/errors.js'
import type { Stage } from '../../shared/events.js'
import type { RunContext } from '../runContext.js'
import type { Trainable } from './trainable.js'

/** Where a stage stands in the whole run. */
export interface StagePlace {
  stage: Stage
  variant?: string
  /** Steps of all stages before this one: makes checkpoint positions grow over the run. */
  positionBefore: number
  /** Kept in every checkpoint of this stage, as it is at that moment, and handed back on resume. */
  runState: () => Record<string, unknown>
  /** Seconds that the stages after this one will take, by the forecast; null if unknown. */
  secondsAfter: number | null
}

const refusalsInARow = 3

/** Where the loop begins: at step 0, or where a checkpoint was taken. */
export interface LoopStart {
  nextStep: number
  /** Steps refused in a row just before. */
  refused: number
}

/** @returns false if the run was stopped; a checkpoint is then on disk. */
export async function runSteps(context: RunContext, place: StagePlace, trainable: Trainable, start: LoopStart): Promise<boolean> {
  const firstStep = start.nextStep
  const startedAt = performance.now()
  let { refused } = start
  let waitedSeconds = 0
  for (let step = firstStep; step < trainable.steps; step++) {
    const stepStartedAt = performance.now()
    const outcome = await trainable.step(step)
    refused = outcome.applied ? 0 : refused + 1
    if (refused === refusalsInARow) throw notFinite(place, step + 1)
    waitedSeconds += outcome.waitedSeconds
    announcePace(context, place, trainable.steps, { step, firstStep, startedAt, stepStartedAt, waitedSeconds })
    // A training that ended early must not go on when it is resumed from the checkpoint of its last step.
    const next = { nextStep: outcome.finished ? trainable.steps : step + 1, refused }
    const save = (): void => saveCheckpoint(context, place, trainable, step + 1, next)
    if ((await context.control.atStep(save)) === 'stop') return false
    if (outcome.finished) break
  }
  return true
}

/** @param last counted from 1, as steps are announced */
function notFinite(place: StagePlace, last: number): AppError {
  return new AppError(
    'training.not-finite',
    `${place.stage}: the numbers of steps ${last - refusalsInARow + 1} to ${last} were not finite; none of them was applied.`
  )
}

function saveCheckpoint(context: RunContext, place: StagePlace, trainable: Trainable, stepsDone: number, next: LoopStart): void {
  const position = place.positionBefore + stepsDone
  context.checkpoints.save({
    position,
    tensors: trainable.tensors(),
    info: { ...place.runState(), stage: place.stage, variant: place.variant ?? null, ...next, trainable: trainable.info() },
    journal: context.journal.mark()
  })
  context.checkpointed(position)
}

interface Timing {
  step: number
  firstStep: number
  startedAt: number
  stepStartedAt: number
  waitedSeconds: number
}

function announcePace(context: RunContext, place: StagePlace, steps: number, timing: Timing): void {
  const now = performance.now()
  const done = timing.step - timing.firstStep + 1
  const elapsedSeconds = (now - timing.startedAt) / 1000
  const stageRemaining = (elapsedSeconds / done) * (steps - timing.step - 1)
  context.pulse({
    stage: place.stage,
    ...(place.variant === undefined ? {} : { variant: place.variant }),
    step: timing.step + 1,
    steps,
    elapsedSeconds,
    stepSeconds: (now - timing.stepStartedAt) / 1000,
    waitedSeconds: timing.waitedSeconds,
    remainingSeconds: place.secondsAfter === null ? null : stageRemaining + place.secondsAfter,
    residentBytes: process.memoryUsage.rss()
  })
}
