/**
 * The run from beginning to end: its stages in order. A stage that is done left its results in files; a checkpoint says which stage the
 * run is in and at which step, so that a resume passes over what is done and goes on in the middle.
 */
import type { Settings } from '../shared/config/settings.js'
import type { RunContext } from './runContext.js'
import { deriveStage } from './stages/deriveStage.js'
import { evaluateStage } from './stages/evaluateStage.js'
import { exportStage } from './stages/exportStage.js'
import { givenNetworksStage } from './stages/givenNetworksStage.js'
import { handmadeStage } from './stages/handmadeStage.js'
import { latencyStage } from './stages/latencyStage.js'
import { openWorkplace } from './stages/openWorkplace.js'
import { pretrainStage } from './stages/pretrainStage.js'
import { reportStage } from './stages/reportStage.js'
import { searchStage, searchVariants } from './stages/searchStage.js'
import type { ResumePoint, StagePlan } from './stages/stageTable.js'
import { summaryOf } from './stages/summary.js'
import { trainings, trainStage } from './stages/trainStage.js'
import type { Workplace } from './stages/workplace.js'

/** The stages of a run of this kind, in order. */
export function planStages(job: RunContext['job'], settings: Settings): StagePlan[] {
  const search = [
    latencyStage,
    pretrainStage(settings.pretrain),
    ...searchVariants(settings.search).map((variant) => searchStage(settings.search, variant)),
    deriveStage(settings.search)
  ]
  const train = [
    ...trainings(settings.train).map(({ training, steps }) => trainStage(training, steps)),
    ...(settings.train.compareHandmade ? [handmadeStage(settings.train)] : []),
    evaluateStage,
    exportStage
  ]
  switch (job) {
    case 'run':
      return [...search, ...train, reportStage]
    case 'search':
      return [...search, reportStage]
    case 'train':
      return [givenNetworksStage, latencyStage, ...train, reportStage]
  }
}

/** Carries the run on to its end, or to where it was stopped; a checkpoint is then on disk. */
export async function runPipeline(context: RunContext): Promise<'finished' | 'stopped'> {
  const workplace = await openWorkplace(context)
  try {
    return (await runStages(workplace, planStages(context.job, context.settings))) ? 'finished' : 'stopped'
  } finally {
    workplace.threads.close()
    workplace.source.close()
  }
}

async function runStages(workplace: Workplace, plans: StagePlan[]): Promise<boolean> {
  const { context } = workplace
  const begin = resumeAt(context)
  for (const [index, plan] of plans.entries()) {
    if (index < begin.stage) continue
    const { stage, variant, steps } = plan
    const named = variant === undefined ? { stage } : { stage, variant }
    const positionBefore = plans.slice(0, index).reduce((sum, earlier) => sum + positionsOf(earlier), 0)
    const resume = index === begin.stage ? begin.resume : null
    const runState = (): Record<string, unknown> => ({ stageIndex: index, outputs: { ...workplace.outputs.hashes } })
    if (!resume) context.emit({ type: 'stage-started', ...named, steps })
    if (!(await plan.run(workplace, { positionBefore, runState, secondsAfter: null, resume }))) return false
    context.emit({ type: 'stage-finished', ...named })
    const last = index === plans.length - 1
    if (last) context.emit({ type: 'run-finished', summary: summaryOf(context) })
    saveBetweenStages(workplace, index + 1, positionBefore + positionsOf(plan))
    if (!last && (await context.control.atStep()) === 'stop') return false
  }
  return true
}

/** Every step is a position, and so is the end of the stage. */
function positionsOf({ steps, mostSteps }: StagePlan): number {
  return (mostSteps ?? steps) + 1
}

/** Where the checkpoint says that the run stands. */
function resumeAt({ checkpoint }: RunContext): { stage: number; resume: ResumePoint | null } {
  if (!checkpoint) return { stage: 0, resume: null }
  const { info, tensors } = checkpoint
  const stage = info.stageIndex as number
  if (typeof info.nextStep !== 'number') return { stage, resume: null }
  const start = { nextStep: info.nextStep, refused: Number(info.refused ?? 0) }
  return { stage, resume: { ...start, tensors, info: info.trainable as Record<string, unknown> } }
}

/** Nothing but the results' hashes: they are in files, and the next stage starts afresh. */
function saveBetweenStages({ context, outputs }: Workplace, stageIndex: number, position: number): void {
  context.checkpoints.save({
    position,
    tensors: new Map(),
    info: { stageIndex, outputs: { ...outputs.hashes } },
    journal: context.journal.mark()
  })
  context.checkpointed(position)
}
