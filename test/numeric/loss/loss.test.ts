import { describe, expect, it } from 'vitest'
import fixture from '../fixtures/loss.json' with { type: 'json' }
import { distillationLoss } from '../../../src/engine/loss/distillation.js'
import { ohemCrossEntropy } from '../../../src/engine/loss/ohem.js'
import type { OhemOptions } from '../../../src/engine/loss/ohem.js'
import { pixelTargets } from '../../../src/engine/loss/pixelTargets.js'
import { supernetLoss } from '../../../src/engine/loss/supernetLoss.js'
import { tf } from '../../../src/engine/tensor/tf.js'

type Shape4D = [number, number, number, number]

const map = (values: number[], shape: number[]): tf.Tensor4D => tf.tensor4d(values, shape as Shape4D)
const mask = (values: number[], shape: number[]): tf.Tensor3D => tf.tensor3d(values, shape.slice(0, 3) as [number, number, number], 'int32')

/** Value and gradient, with a check that nothing but the two stays behind. */
function valueAndGradient(logits: tf.Tensor4D, loss: (logits: tf.Tensor4D) => tf.Scalar): { value: number; gradient: number[] } {
  const before = tf.memory().numTensors
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => loss(x as tf.Tensor4D))(logits)
  const result = { value: value.dataSync()[0], gradient: Array.from(grad.dataSync()) }
  tf.dispose([value, grad])
  // Constants (shapes, axes) are cached by the first call, so the second one is counted.
  const cached = tf.memory().numTensors
  const again = tf.valueAndGrad((x: tf.Tensor) => loss(x as tf.Tensor4D))(logits)
  tf.dispose([again.value, again.grad])
  expect(tf.memory().numTensors).toBe(cached)
  expect(cached).toBeLessThanOrEqual(before + 16)
  return result
}

function expectClose(found: number[], expected: number[], tolerance: number): void {
  expect(found.length).toBe(expected.length)
  found.forEach((value, index) => expect(Math.abs(value - expected[index])).toBeLessThan(tolerance))
}

describe('OHEM cross entropy equals PyTorch', () => {
  it.each(fixture.ohem.map((example) => [example.name, example] as const))('%s', (_, example) => {
    const options: OhemOptions = { threshold: example.threshold, minKept: example.minKept }
    if (example.weights) options.classWeights = tf.tensor1d(example.weights)
    const labels = mask(example.labels, example.shape)
    const found = valueAndGradient(map(example.logits, example.shape), (logits) => ohemCrossEntropy(logits, labels, options))
    expect(found.value).toBeCloseTo(example.value, 5)
    expectClose(found.gradient, example.gradient, 1e-6)
    const touched = found.gradient.filter((_value, index) => {
      const pixel = Math.floor(index / 5) * 5
      return index === pixel && found.gradient.slice(pixel, pixel + 5).some((value) => value !== 0)
    })
    expect(touched.length).toBe(example.kept)
  })

  it('takes the least share as floor(share * pixels)', () => {
    const example = fixture.ohem[1]
    const logits = map(example.logits, example.shape)
    const labels = mask(example.labels, example.shape)
    const byShare = ohemCrossEntropy(logits, labels, { threshold: 0.7, keepFraction: (example.minKept + 0.5) / 48 })
    expect(byShare.dataSync()[0]).toBe(ohemCrossEntropy(logits, labels, { threshold: 0.7, minKept: example.minKept }).dataSync()[0])
    expect(byShare.dataSync()[0]).toBeCloseTo(example.value, 5)
  })

  it('gives the same with prepared targets, whose labels may serve many losses', () => {
    const example = fixture.ohem[9]
    const targets = pixelTargets(mask(example.labels, example.shape), tf.tensor1d(example.weights ?? []))
    const options = { threshold: example.threshold, minKept: example.minKept }
    for (let pass = 0; pass < 2; pass++) {
      const found = valueAndGradient(map(example.logits, example.shape), (logits) => ohemCrossEntropy(logits, targets, options))
      expect(found.value).toBeCloseTo(example.value, 5)
      expectClose(found.gradient, example.gradient, 1e-6)
    }
  })

  it('counts pixels that are perfectly sure when nothing is mined', () => {
    const logits = tf.tensor4d([100, 0, 0, 0, 0, 0], [1, 1, 3, 2])
    const labels = tf.tensor3d([0, 0, 255], [1, 1, 3], 'int32')
    const value = ohemCrossEntropy(logits, labels, { threshold: 0.7, minKept: 3 }).dataSync()[0]
    expect(value).toBeCloseTo(Math.log(2) / 2, 6)
  })
})

describe('the supernet\'s loss', () => {
  it('is the sum over predictions, each mined for itself, as in PyTorch', () => {
    const example = fixture.supernet
    const labels = mask(example.labels, example.shape)
    const predictions = example.predictions.map((values) => map(values, example.shape))
    const options = { threshold: example.threshold, minKept: example.minKept }
    const { value, grads } = tf.valueAndGrads((...logits: tf.Tensor[]) => supernetLoss(logits as tf.Tensor4D[], labels, options))(predictions)
    expect(value.dataSync()[0]).toBeCloseTo(example.value, 4)
    grads.forEach((gradient, index) => expectClose(Array.from(gradient.dataSync()), example.gradients[index], 1e-6))
    expect(new Set(example.kept).size).toBeGreaterThan(1)
  })
})

describe('distillation equals PyTorch', () => {
  it.each(fixture.distillation.map((example) => [example.name, example] as const))('%s', (_, example) => {
    const teacher = map(example.teacher, example.shape)
    const labels = mask(example.labels, example.shape)
    const { temperature, published, onlyRight } = example
    const options = { temperature, mean: published ? 'published' : onlyRight ? 'right' : 'pixel' } as const
    const found = valueAndGradient(map(example.student, example.shape), (student) => distillationLoss(student, teacher, labels, options))
    expect(found.value).toBeCloseTo(example.value, 5)
    expectClose(found.gradient, example.gradient, 1e-6)
  })

  it('is 0 with gradient 0 for equal logits', () => {
    const example = fixture.distillation[1]
    const teacher = map(example.teacher, example.shape)
    const found = valueAndGradient(map(example.teacher, example.shape), (student) =>
      distillationLoss(student, teacher, mask(example.labels, example.shape), { temperature: 4 }))
    expect(Math.abs(found.value)).toBeLessThan(1e-5)
    expectClose(found.gradient, found.gradient.map(() => 0), 1e-6)
  })

  it('sends no gradient to the teacher', () => {
    const example = fixture.distillation[0]
    const labels = mask(example.labels, example.shape)
    const teacher = tf.variable(map(example.teacher, example.shape))
    const student = tf.variable(map(example.student, example.shape))
    const { grads } = tf.variableGrads(() => distillationLoss(student as tf.Tensor4D, teacher as tf.Tensor4D, labels, { temperature: 1 }), [student])
    expect(Object.keys(grads)).toEqual([student.name])
    expect(() => tf.variableGrads(() => distillationLoss(map(example.student, example.shape), teacher as tf.Tensor4D, labels, { temperature: 1 }), [teacher]))
      .toThrow(/Cannot find a connection/)
    tf.dispose([teacher, student])
  })
})
