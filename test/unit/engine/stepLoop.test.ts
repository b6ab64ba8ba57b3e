import { describe, expect, it } from 'vitest'
import { createRunControl } from '../../../src/engine/runControl.js'
import type { RunContext } from '../../../src/engine/runContext.js'
import { runSteps, type LoopStart } from '../../../src/engine/steps/stepLoop.js'
import type { StepOutcome, Trainable } from '../../../src/engine/steps/trainable.js'
import type { CheckpointContent } from '../../../src/storage/checkpointFolder.js'

interface Played {
  steps: number[]
  saved: CheckpointContent[]
  finished: boolean
}

/** Ten steps with a checkpoint after each; `outcomes` says what is special about a step, `state` what a checkpoint keeps of the run. */
async function play(outcomes: Record<number, Partial<StepOutcome>>, start: LoopStart, state: () => Record<string, unknown> = () => ({})): Promise<Played> {
  const steps: number[] = []
  const saved: CheckpointContent[] = []
  const trainable: Trainable = {
    steps: 10,
    step(step) {
      steps.push(step)
      return Promise.resolve({ applied: true, waitedSeconds: 0, ...outcomes[step] })
    },
    tensors: () => new Map(),
    info: () => ({}),
    restore: () => undefined,
    dispose: () => undefined
  }
  const context = {
    control: createRunControl({ checkpointSteps: 1, checkpointSeconds: 1000 }),
    checkpoints: { save: (content: CheckpointContent) => saved.push(content) },
    checkpointed: () => undefined,
    journal: { mark: () => ({ sizeBytes: 0, sequence: 0 }) },
    pulse: () => undefined
  } as unknown as RunContext
  const place = { stage: 'pretrain', positionBefore: 100, runState: state, secondsAfter: null } as const
  const finished = await runSteps(context, place, trainable, start)
  return { steps, saved, finished }
}

const beginning: LoopStart = { nextStep: 0, refused: 0 }
const startOf = ({ info }: CheckpointContent): LoopStart => ({ nextStep: Number(info.nextStep), refused: Number(info.refused) })

describe('runSteps', () => {
  it('goes on with the step after a checkpoint', async () => {
    const whole = await play({}, beginning)
    expect(whole.steps).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(whole.saved.map(({ position }) => position)).toEqual([101, 102, 103, 104, 105, 106, 107, 108, 109, 110])
    const rest = await play({}, startOf(whole.saved[3]))
    expect(rest.steps).toEqual([4, 5, 6, 7, 8, 9])
  })

  it('does no step more when it goes on from the checkpoint of a training that ended early', async () => {
    const whole = await play({ 5: { finished: true } }, beginning)
    expect(whole.steps).toEqual([0, 1, 2, 3, 4, 5])
    const last = whole.saved[whole.saved.length - 1]
    expect(last.position).toBe(106)
    const rest = await play({ 5: { finished: true } }, startOf(last))
    expect(rest.steps).toEqual([])
    expect(rest.finished).toBe(true)
  })

  it('gives up at the same step whether or not it was interrupted between refused steps', async () => {
    const refusals = { 2: { applied: false }, 4: { applied: false }, 5: { applied: false }, 6: { applied: false } }
    await expect(play(refusals, beginning)).rejects.toThrow('the numbers of steps 5 to 7 were not finite')
    const { saved } = await play({ 4: refusals[4], 5: refusals[5] }, beginning)
    await expect(play(refusals, startOf(saved[5]))).rejects.toThrow('the numbers of steps 5 to 7 were not finite')
  })

  it('passes over a single refused step', async () => {
    expect((await play({ 2: { applied: false }, 3: { applied: false } }, beginning)).finished).toBe(true)
  })

  it('keeps what the stage has written at the moment of the checkpoint, not at its beginning', async () => {
    let files = 0
    const { saved } = await play({}, beginning, () => ({ files: ++files }))
    expect(saved.map(({ info }) => info.files)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })
})
