/** Steps of a search on the supernet of fixtures/supernet.json: what reaches alpha, beta, gamma and the weights, against PyTorch. */
import { afterAll, describe, expect, it } from 'vitest'
import type { ArchitectureLogits } from '../../../src/shared/architecture.js'
import type { SearchSettings } from '../../../src/shared/config/settings.js'
import { parseSettings } from '../../../src/shared/config/parseSettings.js'
import { gumbelPlan } from '../../../src/engine/network/supernet/widthPlan.js'
import { ArchitectureAdam } from '../../../src/engine/search/architectureAdam.js'
import { ArchitectureParameters } from '../../../src/engine/search/architectureParameters.js'
import { architectureGradients } from '../../../src/engine/search/architectureGradients.js'
import { architectureStepPlan, moveArchitectures, type SearchedNetwork } from '../../../src/engine/search/architectureStep.js'
import { allTensors, architectureTensors, mixtures } from '../../../src/engine/search/architectureTensors.js'
import { scoreFunctionGradient } from '../../../src/engine/search/scoreFunction.js'
import { searchPasses } from '../../../src/engine/search/supernetPasses.js'
import { publishedScores, softMaskScores } from '../../../src/engine/search/widthScores.js'
import { lossGradients } from '../../../src/engine/tensor/gradients.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { probe } from '../network/formulaValues.js'
import { fixture, fixtureBatch, fixtureLogitValues, fixtureTrainer, flattened, passNames } from '../network/supernetFixture.js'
import { expectClose } from '../tensor/expectClose.js'

const { space, passes, estimators } = fixture
const batch = fixtureBatch()
const settings = parseSettings({}, 'test').search

afterAll(() => { tf.dispose([batch.images, batch.labels]) })

function searched(role: 'teacher' | 'student'): SearchedNetwork {
  const parameters = new ArchitectureParameters(space, role === 'teacher' ? 1 : space.widths.length)
  parameters.values.set(fixtureLogitValues(role))
  return { parameters, adam: new ArchitectureAdam(parameters.values.length) }
}

/** A latency gradient that is easy to see in a sum. */
function latencyGradient({ parameters }: SearchedNetwork): ArchitectureLogits {
  return parameters.unflatten(parameters.values.map((_, index) => 0.01 * ((index % 5) - 2)))
}

/** One step from fresh moments: the gradient that Adam was given is twice its first moment, for beta1 is one half. */
function gradientsOf(widthEstimator: SearchSettings['widthEstimator']): { teacher: number[]; student: number[]; losses: Record<string, number> } {
  const trainer = fixtureTrainer()
  const [teacher, student] = [searched('teacher'), searched('student')]
  const { seed, step } = fixture
  const plan = architectureStepPlan({ teacher, student }, { ...settings, widthEstimator }, seed, step)
  const found = architectureGradients(trainer, batch, plan, passNames)
  expect(moveArchitectures({ teacher, student }, plan, found, latencyGradient(student), settings.architectureLearningRate)).toBe(true)
  trainer.dispose()
  const doubled = ({ adam }: SearchedNetwork): number[] => [...adam.firstMoment].map((value) => 2 * value)
  return { teacher: doubled(teacher), student: doubled(student), losses: found.losses }
}

/** Element by element over passes, and the latency gradient of the first step. */
function summed(vectors: number[][]): number[] {
  return vectors[0].map((_, index) => vectors.reduce((sum, vector) => sum + vector[index], 0))
}

describe('the sampled widths', () => {
  it('are those of equal Gumbel noise', () => {
    const { plan, noise } = gumbelPlan(searched('student').parameters.logits().gamma, fixture.seed, 2 * fixture.step + 1)
    expect(plan).toEqual(fixture.plan)
    noise.flat(2).forEach((value, index) => expect(value).toBeCloseTo(fixture.noise.flat(2)[index], 7))
  })
})

describe('an architecture step', () => {
  const mixedParts = passNames.filter((name) => name !== 'teacher').map((name) => flattened(passes[name]))

  it('gives Adam the sum over the passes, the latency term, and the score function of the sampled loss', () => {
    const found = gradientsOf('score-function')
    for (const name of passNames) expect(found.losses[name]).toBeCloseTo(passes[name].loss, 4)
    expectClose(tf.tensor1d(found.teacher), [...flattened(passes.teacher), 0, 0, 0, 0, 0, 0, 0, 0], 1e-4)
    const student = searched('student')
    const gamma = scoreFunctionGradient(student.parameters.logits().gamma, fixture.plan, passes.student.loss, [passes.narrowest.loss, passes.widest.loss])
    const expected = summed([[...summed(mixedParts), ...gamma.flat(2)], [...student.parameters.flatten(latencyGradient(student))]])
    expectClose(tf.tensor1d(found.student), expected, 1e-4)
  })

  it('with masks: gamma by the tape, as PyTorch', () => {
    const found = gradientsOf('masks')
    expect(found.losses.student).toBeCloseTo(estimators.masks.loss, 4)
    const student = searched('student')
    const sampled = flattened({ alpha: estimators.masks.alpha, beta: estimators.masks.beta })
    const others = summed([flattened(passes.widest), flattened(passes.narrowest), sampled])
    const expected = summed([[...others, ...estimators.masks.gamma.flat()], [...student.parameters.flatten(latencyGradient(student))]])
    expectClose(tf.tensor1d(found.student), expected, 1e-4)
    expect(Math.max(...estimators.masks.gamma.flat().map(Math.abs))).toBeGreaterThan(1e-3)
  })

  it.each(['published', 'soft-masks'] as const)('%s: the tape reaches gamma as PyTorch does', (estimator) => {
    const trainer = fixtureTrainer()
    const tensors = architectureTensors(searched('student').parameters.logits())
    const { loss, gradients } = lossGradients(() => {
      const scored = estimator === 'published'
        ? publishedScores(tensors.gamma, fixture.noise, fixture.plan, 1)
        : softMaskScores(space, tensors.gamma, fixture.noise, 1)
      return trainer.passLoss(batch, { role: 'student', ...mixtures(tensors), ...scored })
    }, tensors.gamma)
    expect(loss.dataSync()[0]).toBeCloseTo(estimators[estimator].loss, 4)
    const expected = estimators[estimator].gamma.flat()
    expectClose(tf.tensor1d(gradients.flatMap((gradient) => [...gradient!.dataSync()])), expected, 3e-4)
    trainer.dispose()
    tf.dispose([loss, ...allTensors(tensors), ...gradients.filter((gradient) => gradient !== null)])
  })
})

describe('a weight step', () => {
  it('moves every weight by the clipped sum over the passes, as PyTorch', () => {
    const clipNorm = 2
    expect(fixture.totalNorm).toBeGreaterThan(clipNorm)
    const trainer = fixtureTrainer({ momentum: 0.9, weightDecay: 0, clipNorm })
    const tensors = (['teacher', 'student'] as const).map((role) => architectureTensors(searched(role).parameters.logits()))
    const [teacher, student] = tensors.map(mixtures)
    const { losses, applied } = trainer.applyGradients(trainer.weightGradients(batch, searchPasses(space, teacher, student, fixture.plan)), 0.1)
    expect(applied).toBe(true)
    for (const name of passNames) expect(losses[name]).toBeCloseTo(passes[name].loss, 4)
    const { velocities } = trainer.optimizer
    expect([...velocities.keys()].sort()).toEqual([...fixture.names].sort())
    const factor = clipNorm / fixture.totalNorm
    const worst = fixture.names.map((name, index) => {
      const expected = passNames.reduce((sum, pass) => sum + (passes[pass].weights[index]?.[0] ?? 0), 0)
      const length = Math.max(...passNames.map((pass) => passes[pass].weights[index]?.[1] ?? 0))
      const [found] = probe(name, velocities.get(name)!.dataSync<'float32'>())
      return Math.abs(found - factor * expected) / (factor * length)
    })
    expect(Math.max(...worst)).toBeLessThan(3e-4)
    const squares = [...velocities.values()].map((velocity) => velocity.dataSync<'float32'>().reduce((sum, value) => sum + value * value, 0))
    expect(Math.sqrt(squares.reduce((a, b) => a + b, 0))).toBeCloseTo(clipNorm, 3)
    tf.dispose([...tensors.flatMap(allTensors), ...[teacher, student].flatMap(({ alpha, beta }) => [...alpha, ...beta])])
    trainer.dispose()
  })
})
