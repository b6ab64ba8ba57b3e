/**
 * The second-order gradient of the architecture against finite differences of what it is the gradient of: the loss on half B after a real
 * step of the optimizer on half A. Everything is float32, so derivatives are taken along whole directions of logits, by central differences.
 */
import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/core/random.js'
import { initialSupernetWeights } from '../../../src/engine/network/supernet/initialSupernetWeights.js'
import { Supernet } from '../../../src/engine/network/supernet/supernet.js'
import { WeightStore } from '../../../src/engine/network/weightStore.js'
import { architectureGradients } from '../../../src/engine/search/architectureGradients.js'
import { ArchitectureParameters } from '../../../src/engine/search/architectureParameters.js'
import { supernetBatch, type StepBatch } from '../../../src/engine/search/supernetBatch.js'
import { withWeightPasses, type ArchitectureStepPlan } from '../../../src/engine/search/supernetStep.js'
import { SupernetTrainer } from '../../../src/engine/search/supernetTrainer.js'
import { unrolledGradients } from '../../../src/engine/search/unrolledGradients.js'
import { readVelocities, restoreVelocities } from '../../../src/engine/steps/velocities.js'
import { call } from '../../../src/engine/tensor/native.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { randomLogits } from '../../unit/core/randomTable.js'
import { tinySpace } from './tinyTraining.js'

/**
 * ReLU as softplus, in value and gradient (of y = log(1 + e^x) it is 1 - e^-y): with kinks the loss after a step is so rough that differences never
 * settle (0.064, 0.040 and -0.008 over 0.1, 0.03 and 0.01), and nothing could be compared. Everything else is the engine as it is.
 */
type Execute = (name: string, attributes: unknown[], inputs: tf.Tensor[]) => tf.Tensor
const backend = tf.backend() as unknown as { executeSingleOutput: Execute }
const execute: Execute = backend.executeSingleOutput.bind(backend)

function smooth(name: string, attributes: unknown[], inputs: tf.Tensor[]): tf.Tensor {
  if (name === 'Relu') return call('Softplus', inputs)
  if (name !== 'ReluGrad') return execute(name, attributes, inputs)
  const [dy, y] = inputs
  return tf.tidy(() => tf.mul(dy, tf.sub(1, tf.exp(tf.neg(y)))))
}

beforeAll(() => { backend.executeSingleOutput = smooth })
afterAll(() => { backend.executeSingleOutput = execute })

const space = tinySpace
const names = ['teacher', 'student', 'widest', 'narrowest']
const estimator = { widthEstimator: 'score-function', gumbelTemperature: 1 } as const
const layouts = { teacher: new ArchitectureParameters(space, 1), student: new ArchitectureParameters(space, space.widths.length) }
const start = { teacher: layouts.teacher.flatten(randomLogits(space.layers, 1, 1)), student: layouts.student.flatten(randomLogits(space.layers, 2, 2)) }
const gammaRows = 5
/** Only alpha and beta: gamma has no second order. */
const searched = { teacher: layouts.teacher.values.length - gammaRows, student: layouts.student.values.length - gammaRows * space.widths.length }

/**
 * Maps of 4x4 at 1/32, so that every batch norm has samples: of two samples it makes 1 and -1 whatever they are, and no difference of finite
 * size says anything of such a function. The label of an 8x8 block is the sign of its colour.
 */
function batchOf(half: 'A' | 'B', step: number): StepBatch {
  const [count, height, width] = [2, 128, 128]
  const draws = randomStream(1, `half ${half}`, step)
  const blocks = Array.from({ length: count * 16 * 16 }, () => draws.normal())
  const blockOf = (pixel: number): number => blocks[Math.floor(pixel / (height * width)) * 256 + (Math.floor(pixel / width / 8) % 16) * 16 + (Math.floor(pixel / 8) % 16)]
  const images = Float32Array.from({ length: count * height * width * 3 }, (_, place) => blockOf(Math.floor(place / 3)) + 0.5 * draws.normal())
  const labels = Uint8Array.from({ length: count * height * width }, (_, pixel) => (blockOf(pixel) > 0.4 ? 2 : blockOf(pixel) > -0.4 ? 1 : 0))
  return { images, labels, count, height, width }
}

interface Prepared {
  made: SupernetTrainer
  /** Puts weights and velocities back to where they were when the trainer was made. */
  reset(): void
  digest(): string
}

const trainers: SupernetTrainer[] = []
afterEach(() => { trainers.splice(0).forEach((trainer) => { trainer.dispose() }) })

/** Plain cross entropy, for mining is not smooth; after two steps, so that there are velocities. */
function prepared({ clipNorm }: { clipNorm: number }): Prepared {
  const weights = new WeightStore(initialSupernetWeights(space, ['8', '16+32'], 1))
  const made = new SupernetTrainer(new Supernet(space, ['8', '16+32']), weights, { threshold: 1, keepFraction: 1 }, { momentum: 0.9, weightDecay: 0.01, clipNorm })
  trainers.push(made)
  for (const step of [0, 1]) weightStep(made, step, start, 0.002)
  const kept = [weights.read(), readVelocities(made.optimizer)].map((tensors) => new Map([...tensors].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }])))
  const digest = (): string => {
    const hash = createHash('sha256')
    for (const tensors of [weights.read(), readVelocities(made.optimizer)]) for (const [name, { data }] of tensors) hash.update(name).update(Buffer.from(data.slice().buffer))
    return hash.digest('hex')
  }
  const reset = (): void => {
    weights.write(kept[0])
    restoreVelocities(made.optimizer, kept[1])
  }
  return { made, reset, digest }
}

type Logits = typeof start

function planOf({ teacher, student }: Logits): ArchitectureStepPlan {
  return { kind: 'architecture', seed: 1, step: 2, teacher: layouts.teacher.unflatten(teacher), student: layouts.student.unflatten(student), estimator }
}

/** A step as the search takes it. */
function weightStep(made: SupernetTrainer, step: number, logits: Logits, learningRate: number): void {
  const { teacher, student } = planOf(logits)
  const batch = supernetBatch(batchOf('A', step))
  const found = withWeightPasses(space, { kind: 'weights', seed: 1, step, teacher, student }, names, (passes) => made.weightGradients(batch, passes))
  expect(made.applyGradients(found, learningRate).applied).toBe(true)
  tf.dispose([batch.images, batch.labels])
}

/** Of the passes on half B, all together. */
function lossOnB(made: SupernetTrainer, logits: Logits): number {
  const batch = supernetBatch(batchOf('B', 2))
  const { losses } = architectureGradients(made, batch, planOf(logits), names)
  tf.dispose([batch.images, batch.labels])
  return Object.values(losses).reduce((sum, loss) => sum + loss, 0)
}

function found({ made, reset }: Prepared, learningRate: number): { second: Logits; first: Logits } {
  const half = { architecture: batchOf('B', 2), weights: batchOf('A', 2) }
  const second = unrolledGradients(made, half, planOf(start), learningRate)
  weightStep(made, 2, start, learningRate)
  const batch = supernetBatch(half.architecture)
  const first = architectureGradients(made, batch, planOf(start), names)
  tf.dispose([batch.images, batch.labels])
  reset()
  return { second, first }
}

type Vector = Record<'teacher' | 'student', number[]>
const roles = ['teacher', 'student'] as const

function combined(one: Logits | Vector, factor: number, other: Logits | Vector): Logits {
  const sum = (role: 'teacher' | 'student'): Float64Array => Float64Array.from(one[role], (value, index) => value + factor * other[role][index])
  return { teacher: sum('teacher'), student: sum('student') }
}

function inner(one: Logits | Vector, other: Logits | Vector): number {
  return roles.reduce((sum, role) => sum + Array.from(one[role]).slice(0, searched[role]).reduce((total, value, index) => total + value * other[role][index], 0), 0)
}

/** Of length 1, alpha and beta alone. */
function unit(vector: Logits): Vector {
  const length = Math.sqrt(inner(vector, vector))
  const scaled = (role: 'teacher' | 'student'): number[] => Array.from(vector[role], (value, index) => (index < searched[role] ? value / length : 0))
  return { teacher: scaled('teacher'), student: scaled('student') }
}

/** Of the true unrolled objective along a direction: both sides take the real step. */
function derivative({ made, reset }: Prepared, learningRate: number, direction: Vector, width: number): number {
  const losses: number[] = []
  for (const by of [width, -width]) {
    const logits = combined(start, by, direction)
    weightStep(made, 2, logits, learningRate)
    losses.push(lossOnB(made, logits))
    reset()
  }
  return (losses[0] - losses[1]) / (2 * width)
}

describe('the unrolled gradient', () => {
  it.each([
    ['without clipping', 0, 0.002],
    ['through a step that is clipped', 2, 0.05]
  ])('%s: is that of the loss after a real step', (_, clipNorm, learningRate) => {
    const trainer = prepared({ clipNorm })
    const { second, first } = found(trainer, learningRate)
    const correction = combined(second, -1, first)
    const scale = Math.sqrt(inner(second, second))
    // The first order alone must not pass, in the direction in which the two differ.
    const along = unit(correction)
    const truth = derivative(trainer, learningRate, along, 0.03)
    expect(Math.abs(inner(second, along) - truth)).toBeLessThan(1e-3 * scale)
    expect(Math.abs(inner(first, along) - truth)).toBeGreaterThan(5e-3 * scale)
  })

  it('leaves weights, velocities and tensors as they were', () => {
    const { made, digest } = prepared({ clipNorm: 2 })
    const before = digest()
    const half = { architecture: batchOf('B', 2), weights: batchOf('A', 2) }
    unrolledGradients(made, half, planOf(start), 0.1)
    const tensors = tf.memory().numTensors
    unrolledGradients(made, half, planOf(start), 0.1)
    expect(tf.memory().numTensors).toBe(tensors)
    expect(digest()).toBe(before)
  })
})
