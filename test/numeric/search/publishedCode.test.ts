/**
 * A step of the search and one of pretraining, with the `published` switches, against the published code itself
 * (fixtures/publishedSupernet.py). Largest relative difference 1e-4 for predictions and the architecture's gradients.
 */
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import type { SearchSpace } from '../../../src/shared/architecture.js'
import { Pass } from '../../../src/engine/network/pass.js'
import { supernetShapes, type PredictionName } from '../../../src/engine/network/supernet/layout.js'
import { Supernet } from '../../../src/engine/network/supernet/supernet.js'
import { gumbelPlan } from '../../../src/engine/network/supernet/widthPlan.js'
import { WeightStore } from '../../../src/engine/network/weightStore.js'
import { architectureGradients } from '../../../src/engine/search/architectureGradients.js'
import { ArchitectureParameters, tableShapes } from '../../../src/engine/search/architectureParameters.js'
import { allTensors, architectureTensors, mixtures } from '../../../src/engine/search/architectureTensors.js'
import { searchPasses } from '../../../src/engine/search/supernetPasses.js'
import { withWeightPasses, type WeightStepPlan } from '../../../src/engine/search/supernetStep.js'
import { SupernetTrainer, type NamedChoice, type WeightGradients } from '../../../src/engine/search/supernetTrainer.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { formulaValues, formulaWeight, probe } from '../network/formulaValues.js'
import { expectClose } from '../tensor/expectClose.js'

interface Step {
  /** Loss, and every `every`-th number of the five predictions, by pass. */
  passes: Record<string, { loss: number; predictions: number[][] }>
  /** Probes of the gradients of all weights that a pass reaches, summed over the passes. */
  gradients: Record<string, [number, number]>
}

interface Fixture {
  space: SearchSpace
  height: number
  width: number
  seed: number
  step: number
  image: string
  labels: number[]
  every: number
  /** Gradients of the eight tables, summed over the passes; an empty one gets none. */
  search: Step & { architecture: Record<'teacher' | 'student', number[][]> }
  pretrain: Step
}

const fixture = JSON.parse(readFileSync(new URL('../fixtures/publishedSupernet.json', import.meta.url), 'utf8')) as Fixture
const { space, height, width, seed, step, every } = fixture
const tolerance = 1e-4
/**
 * For the gradients of single weights: the stem's are sums over all pixels that nearly cancel, and float32 turns a few ReLUs over whose input
 * is within rounding of 0. PyTorch in float32 differs from the fixture's float64 by as much: 5.2e-3 in pretraining and 7.5e-3 in the search at worst.
 */
const weightTolerance = 1e-2
const predictions: PredictionName[] = ['8', '16', '32', '8+32', '16+32']

const store = new WeightStore([...supernetShapes(space, predictions)].map(([name, shape]) => [name, formulaWeight(name, shape)] as const))
const options = { momentum: 0.9, weightDecay: 0, clipNorm: 0 }
const trainer = new SupernetTrainer(new Supernet(space, predictions), store, { threshold: 0.7, keepFraction: 1 / 16 }, options)
const batch = {
  images: tf.tensor4d(formulaValues(fixture.image, 2 * height * width * 3), [2, height, width, 3]),
  labels: tf.tensor3d(fixture.labels, [2, height / 8, width / 8], 'int32')
}
const logits = { teacher: logitsOf('teacher'), student: logitsOf('student') }
const sampled = gumbelPlan(logits.student.gamma, seed, 2 * step + 1).plan

afterAll(() => {
  trainer.dispose()
  tf.dispose([batch.images, batch.labels])
})

function logitsOf(role: 'teacher' | 'student') {
  const parameters = new ArchitectureParameters(space, role === 'teacher' ? 1 : space.widths.length)
  const tables = tableShapes(space, role === 'teacher' ? 1 : space.widths.length)
  parameters.values.set(tables.flatMap(([rows, columns], index) => [...formulaValues(`${role} table ${index}`, rows * columns)]))
  return parameters.logits()
}

/** Runs `use` with the passes of the search step, all at the widths that the published code was given. */
function withSearchPasses<Result>(use: (passes: NamedChoice[]) => Result): Result {
  const tensors = [logits.teacher, logits.student].map(architectureTensors)
  const mixed = tensors.map(mixtures)
  try {
    return use(searchPasses(space, mixed[0], mixed[1], sampled))
  } finally {
    tf.dispose([...tensors.flatMap(allTensors), ...mixed.flatMap(({ alpha, beta }) => [...alpha, ...beta])])
  }
}

const pretrainStep: WeightStepPlan = { kind: 'pretrain', seed, step, heads: 'teacher' }

function expectPredictions(passes: NamedChoice[], expected: Step['passes']): void {
  expect(passes.map(({ name }) => name)).toEqual(Object.keys(expected))
  for (const { name, choice } of passes) {
    tf.tidy(() => {
      const maps = trainer.supernet.forward(new Pass(store, 'train', null), batch.images, choice)
      predictions.forEach((prediction, index) => {
        const found = maps.get(prediction)!.dataSync().filter((_, place) => place % every === 0)
        expectClose(tf.tensor1d(found), expected[name].predictions[index], tolerance)
      })
    })
  }
}

/** Gradients as short as a millionth of the longest are the rounding of sums that cancel. */
function expectWeights({ losses, gradients }: WeightGradients, expected: Step): void {
  for (const [name, { loss }] of Object.entries(expected.passes)) expect(Math.abs(losses[name] - loss), name).toBeLessThan(1e-5 * loss)
  expect([...gradients.keys()].sort()).toEqual(Object.keys(expected.gradients).sort())
  const longest = Math.max(...Object.values(expected.gradients).map(([, length]) => length))
  const distances = [...gradients].map(([name, gradient]) => {
    const [product, length] = probe(name, gradient.dataSync<'float32'>())
    const wanted = expected.gradients[name]
    const difference = Math.max(Math.abs(product - wanted[0]), Math.abs(length - wanted[1]))
    return { name, distance: difference / Math.max(wanted[1], 1e-6 * longest) }
  }).sort((one, other) => other.distance - one.distance)
  expect(distances[0].distance, distances[0].name).toBeLessThan(weightTolerance)
  expect(distances[Math.floor(distances.length / 2)].distance).toBeLessThan(tolerance)
  tf.dispose([...gradients.values()])
}

describe('a search step of the published code', () => {
  it('gives five predictions in each of the four passes', () => {
    withSearchPasses((passes) => expectPredictions(passes, fixture.search.passes))
  })

  it('gives the losses, and gradients of alpha, beta and gamma', () => {
    const estimator = { widthEstimator: 'published', gumbelTemperature: 1 } as const
    const plan = { kind: 'architecture', seed, step, ...logits, estimator } as const
    const found = architectureGradients(trainer, batch, plan, ['teacher', 'student', 'widest', 'narrowest'])
    for (const [name, { loss }] of Object.entries(fixture.search.passes)) expect(Math.abs(found.losses[name] - loss), name).toBeLessThan(1e-5 * loss)
    for (const role of ['teacher', 'student'] as const) {
      const sizes = tableShapes(space, role === 'teacher' ? 1 : space.widths.length).map(([rows, columns]) => rows * columns)
      let start = 0
      // Alpha, beta and gamma each to its own size: gamma's gradients are far smaller than alpha's.
      for (const tables of [[0, 1, 2], [3, 4], [5, 6, 7]]) {
        const part = found[role].subarray(start, (start += tables.reduce((sum, table) => sum + sizes[table], 0)))
        const expected = tables.flatMap((table) => fixture.search.architecture[role][table])
        // The teacher has one width, whose logits the published code never moves.
        if (expected.length === 0) expect([role, part.every((value) => value === 0)]).toEqual(['teacher', true])
        else expectClose(tf.tensor1d([...part]), expected, tolerance)
      }
    }
  })

  it('gives the gradients of every weight', () => {
    expectWeights(withSearchPasses((passes) => trainer.weightGradients(batch, passes)), fixture.search)
  })

  it('hardly tells gamma of a map that a batch norm follows what the loss thinks of its width; masks do', () => {
    const alike = (widthEstimator: 'published' | 'masks'): number => {
      const estimator = { widthEstimator, gumbelTemperature: 1 } as const
      const found = architectureGradients(trainer, batch, { kind: 'architecture', seed, step, ...logits, estimator }, ['student'])
      const { alpha, gamma } = new ArchitectureParameters(space, space.widths.length).unflatten(found.student)
      // The last rows of 1/8 and 1/16 are concatenated with other maps, where a common factor counts.
      const followed = [gamma[0].slice(0, -1), gamma[1].slice(0, -1), gamma[2]]
      return largest(followed.flat(2)) / largest(alpha.flat(2))
    }
    expect(alike('published')).toBeLessThan(1e-3)
    expect(alike('masks')).toBeGreaterThan(1e-2)
  })

  it('clips by the norm of all gradients, the architecture\'s too: here less than a thousandth more than that of the weights', () => {
    const length = (parts: number[]): number => Math.sqrt(parts.reduce((sum, part) => sum + part * part, 0))
    const weights = length(Object.values(fixture.search.gradients).map(([, part]) => part))
    const all = length([weights, ...Object.values(fixture.search.architecture).flat(2)])
    expect(all / weights - 1).toBeGreaterThan(0)
    expect(all / weights - 1).toBeLessThan(1e-3)
    const clipNorm = weights / 2
    const clipping = new SupernetTrainer(trainer.supernet, store, trainer.lossOptions, { ...options, clipNorm })
    withSearchPasses((passes) => clipping.applyGradients(clipping.weightGradients(batch, passes), 0))
    const velocities = [...clipping.optimizer.velocities.values()].map((velocity) => velocity.norm().dataSync()[0])
    // Ours is clipped to the limit by the weights alone; the published norm would leave less of it.
    expect(length(velocities) / clipNorm).toBeCloseTo(1, 5)
    clipping.optimizer.dispose()
  })
})

function largest(numbers: number[]): number {
  return Math.max(...numbers.map(Math.abs))
}

describe('a pretraining step of the published code, with `pretrain.heads` = teacher', () => {
  const names = ['widest', 'narrowest', 'random1', 'random2']

  it('gives five predictions in each of the four passes, all through the teacher\'s heads', () => {
    withWeightPasses(space, pretrainStep, names, (passes) => expectPredictions(passes, fixture.pretrain.passes))
    expect(Object.keys(fixture.pretrain.gradients).some((name) => name.startsWith('student'))).toBe(false)
  })

  it('gives the gradients of every weight', () => {
    expectWeights(withWeightPasses(space, pretrainStep, names, (passes) => trainer.weightGradients(batch, passes)), fixture.pretrain)
  })
})
