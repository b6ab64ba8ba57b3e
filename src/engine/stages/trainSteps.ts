/** Runs a stage that trains, from its start or from where it was interrupted. */
import type { Stage } from '../../shared/events.js'
import { runSteps } from '../steps/stepLoop.js'
import type { Trainable } from '../steps/trainable.js'
import type { RunContext } from '../runContext.js'
import type { StageRun } from './stageTable.js'

/** @returns false if the run was stopped. */
export async function trainSteps(context: RunContext, stage: { stage: Stage; variant?: string }, place: StageRun, trainable: Trainable): Promise<boolean> {
  const { resume } = place
  if (resume) trainable.restore(resume.tensors, resume.info)
  const { positionBefore, secondsAfter, runState } = place
  return runSteps(context, { ...stage, positionBefore, secondsAfter, runState }, trainable, resume ?? { nextStep: 0, refused: 0 })
}
