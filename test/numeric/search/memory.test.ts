/** What a step makes it gives back, step after step; and how many kernels it calls, which is what small networks pay for. */
import { afterAll, describe, expect, it } from 'vitest'
import type { Trainable } from '../../../src/engine/steps/trainable.js'
import { derivedChoice, disposeChoice } from '../../../src/engine/search/supernetChoices.js'
import { ArchitectureParameters } from '../../../src/engine/search/architectureParameters.js'
import { judgeChoice } from '../../../src/engine/search/supernetEvaluation.js'
import { countKernelsUntil } from '../../../src/engine/tensor/countKernels.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { oneWidthSpace, tinyDerivedTrainer, tinyJudge, tinyPretrainer, tinySearcher, tinySpace, tinyTeacher, tinyTrainer } from './tinyTraining.js'

const memory = () => {
  const { numTensors, numDataBuffers, numBytes } = tf.memory()
  return { numTensors, numDataBuffers, numBytes }
}

/** Memory must be the same after every step once `warm` steps are done: by then velocities and cached constants have come to be. */
async function expectSteady(trainable: Trainable, count: number, warm = 2): Promise<void> {
  for (let step = 0; step < warm; step++) await trainable.step(step)
  const before = memory()
  for (let step = warm; step < count; step++) {
    expect((await trainable.step(step)).applied).toBe(true)
    expect(memory(), `after step ${step}`).toEqual(before)
  }
  trainable.dispose()
}

/** A hundred steps in all; they call some 300 000 kernels, so each kind gets the number that it can afford. */
describe('no tensor is left behind', () => {
  const teacher = tinyTeacher()
  afterAll(() => { teacher.dispose() })

  it('by 25 steps of pretraining', () => expectSteady(tinyPretrainer({ space: oneWidthSpace, predictions: ['8'] }), 25))

  it('by 65 steps of training a derived network with distillation', () => expectSteady(tinyDerivedTrainer(teacher), 65))

  it('by 10 steps of search, the evaluation after each fifth included', () => (
    expectSteady(tinySearcher({ space: oneWidthSpace, predictions: ['8'], settings: { search: { stepsPerEpoch: 5 } } }), 10, 5)
  ))

  it.each(['score-function', 'masks', 'soft-masks', 'published'] as const)('by a search with %s', (widthEstimator) => (
    expectSteady(tinySearcher({ predictions: ['8'], settings: { search: { widthEstimator } } }), 2, 1)
  ))

  it('by a search of the second order', () => (
    expectSteady(tinySearcher({ predictions: ['8'], settings: { search: { order: 'second' } } }), 2, 1)
  ))

  it('by pretraining with several widths', () => expectSteady(tinyPretrainer({ predictions: ['8'] }), 3))

  it('by judging a network of the supernet', async () => {
    const trainer = tinyTrainer(tinySpace)
    const judge = tinyJudge(trainer)
    const choice = derivedChoice(tinySpace, 'student', new ArchitectureParameters(tinySpace, 2).logits())
    await judgeChoice(judge, choice)
    const before = memory()
    for (let again = 0; again < 5; again++) await judgeChoice(judge, choice)
    expect(memory()).toEqual(before)
    disposeChoice(choice)
    trainer.dispose()
  })

  it('by a step that is refused', async () => {
    const trainable = tinyDerivedTrainer(teacher, { spoilt: [3, 4] })
    for (const step of [0, 1, 2]) await trainable.step(step)
    const before = memory()
    for (const step of [3, 4]) expect((await trainable.step(step)).applied).toBe(false)
    expect(memory()).toEqual(before)
    trainable.dispose()
  })

  it('by a whole life of a trainer', async () => {
    for (const open of [() => tinyPretrainer({ predictions: ['8'] }), () => tinySearcher({ predictions: ['8'] }), () => tinyDerivedTrainer(teacher)]) {
      const before = memory().numTensors
      const trainable = open()
      await trainable.step(0)
      trainable.dispose()
      expect(memory().numTensors).toBe(before)
    }
  })
})

/** Bytes that come back from TensorFlow while `work` runs. */
async function bytesReadBack(work: () => Promise<unknown>): Promise<number> {
  const backend = tf.backend() as unknown as { readSync(dataId: object): { byteLength: number } }
  const original = backend.readSync.bind(backend)
  let bytes = 0
  backend.readSync = (dataId) => {
    const values = original(dataId)
    bytes += values.byteLength
    return values
  }
  await work()
  backend.readSync = original
  return bytes
}

/** Nothing of a map or a weight: a step of weights reads its losses and one norm, a step of the architecture its gradients, too. */
describe('bytes read back a step', () => {
  const teacher = tinyTeacher()
  afterAll(() => { teacher.dispose() })
  const logits = (widths: number): number => 4 * new ArchitectureParameters(tinySpace, widths).values.length
  const four = 4 * 4
  const norm = 4

  it.each([
    ['pretraining', () => tinyPretrainer(), four + norm],
    // One pass of the teacher, three of the student; gamma's gradient comes without a tape, alpha's and beta's are read.
    ['search', () => tinySearcher(), 2 * four + norm + logits(1) + 3 * logits(tinySpace.widths.length)],
    ['training of a derived network with a teacher', () => tinyDerivedTrainer(teacher), 64]
  ] as const)('%s', async (_, open, most) => {
    const trainable: Trainable = open()
    // Not of the first step: it also looks for aligned memory, by reading one number from each of up to sixteen places.
    await trainable.step(0)
    const bytes = await bytesReadBack(() => trainable.step(1))
    trainable.dispose()
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThanOrEqual(most)
  })
})

/** Recorded counts of a first step; a change that makes a step call a twentieth more must say so here. */
describe('kernels a step', () => {
  const teacher = tinyTeacher()
  afterAll(() => { teacher.dispose() })

  it.each([
    ['pretraining: four passes over three layers', () => tinyPretrainer(), 5879],
    ['search: four passes for the architecture, four for the weights', () => tinySearcher(), 9914],
    ['training of a derived network with a teacher', () => tinyDerivedTrainer(teacher), 957]
  ] as const)('%s', async (_, open, recorded) => {
    const trainable: Trainable = open()
    const { total } = await countKernelsUntil(() => trainable.step(0))
    trainable.dispose()
    expect(total).toBeLessThan(1.05 * recorded)
    expect(total, 'far fewer than recorded: write the new count down').toBeGreaterThan(0.8 * recorded)
  })
})
