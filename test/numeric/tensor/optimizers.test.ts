/** Optimizers and clipping against PyTorch's (fixtures/tensor.py). */
import { describe, expect, it } from 'vitest'
import { accumulate } from '../../../src/engine/tensor/accumulate.js'
import { clipByGlobalNorm } from '../../../src/engine/tensor/clipByGlobalNorm.js'
import { allFinite, globalNorm } from '../../../src/engine/tensor/globalNorm.js'
import { SgdMomentum } from '../../../src/engine/tensor/sgdMomentum.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { expectClose } from './expectClose.js'
import { fixture, type OptimisationCase } from './fixture.js'

interface Optimizer {
  apply(variables: Map<string, tf.Variable>, gradients: Map<string, tf.Tensor>, learningRate: number): void
}

function variablesOf(start: number[][]): Map<string, tf.Variable> {
  return new Map(start.map((values, index) => [`w${index}`, tf.variable(tf.tensor1d(values))]))
}

function gradientsOf(step: (number[] | null)[]): Map<string, tf.Tensor> {
  const gradients = new Map<string, tf.Tensor>()
  step.forEach((values, index) => { if (values !== null) gradients.set(`w${index}`, tf.tensor1d(values)) })
  return gradients
}

/** Steps `from` up to the end; after each, all weights must be PyTorch's. */
function follow(
  given: OptimisationCase, optimizer: Optimizer, variables: Map<string, tf.Variable>, from = 0, to = given.rates.length
): void {
  for (let step = from; step < to; step++) {
    optimizer.apply(variables, gradientsOf(given.gradients[step]), given.rates[step])
    given.after[step].forEach((values, index) => expectClose(variables.get(`w${index}`)!, values, 2e-6))
  }
}

describe.each(fixture.sgd)('SGD, momentum $momentum, weight decay $weightDecay', (given) => {
  it('gives the weights of PyTorch', () => {
    follow(given, new SgdMomentum(given), variablesOf(given.start))
  })

  it('goes on from restored velocities', () => {
    const variables = variablesOf(given.start)
    const first = new SgdMomentum(given)
    follow(given, first, variables, 0, 3)
    const second = new SgdMomentum(given)
    second.restore(new Map(Array.from(first.velocities, ([name, velocity]) => [name, velocity.clone()])))
    first.dispose()
    follow(given, second, variables, 3)
  })
})

it('a variable that never had a gradient has no velocity and does not move', () => {
  const variables = variablesOf([[1, 2], [3]])
  const optimizer = new SgdMomentum({ momentum: 0.9, weightDecay: 0.1 })
  optimizer.apply(variables, new Map([['w0', tf.tensor1d([1, 1])]]), 0.1)
  expect([...optimizer.velocities.keys()]).toEqual(['w0'])
  expect(variables.get('w1')!.dataSync()[0]).toBe(3)
  expect(variables.get('w0')!.dataSync()[0]).not.toBe(1)
})

it.each(fixture.clips)('clip by global norm $limit', (given) => {
  const gradients = gradientsOf(given.gradients)
  expect(clipByGlobalNorm(gradients, given.limit) / given.norm).toBeCloseTo(1, 5)
  given.clipped.forEach((values, index) => expectClose(gradients.get(`w${index}`)!, values, 1e-6))
})

it.each([NaN, Infinity, -Infinity])('a gradient with one %s is found and left as it is', (value) => {
  const gradients = new Map([['w0', tf.tensor1d([1, 2])], ['w1', tf.tensor1d([0, value, 5])]])
  expect(allFinite(gradients.values())).toBe(false)
  expect(Number.isFinite(clipByGlobalNorm(gradients, 1))).toBe(false)
  expect([...gradients.get('w0')!.dataSync()]).toEqual([1, 2])
})

it('the norm of nothing is 0, and finite', () => {
  expect(globalNorm([])).toBe(0)
  expect(allFinite([])).toBe(true)
})

it('accumulates by name and takes the gradients over', () => {
  const into = new Map([['a', tf.tensor1d([1, 2])]])
  const added = new Map([['a', tf.tensor1d([10, 20])], ['b', tf.tensor1d([5])]])
  const before = tf.memory().numTensors
  accumulate(into, added)
  expect([...into.get('a')!.dataSync()]).toEqual([11, 22])
  expect([...into.get('b')!.dataSync()]).toEqual([5])
  expect(tf.memory().numTensors).toBe(before - 1)
})
