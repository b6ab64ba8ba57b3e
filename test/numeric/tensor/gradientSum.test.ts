/** Gradients added where threads share memory: whole weights, leading channels of filters, vectors. */
import { expect, it } from 'vitest'
import { GradientSum } from '../../../src/engine/tensor/gradientSum.js'
import { sharedFloats, tensorsShareMemory } from '../../../src/engine/tensor/sharedFloats.js'
import { tf } from '../../../src/engine/tensor/tf.js'

const places = [
  { name: 'filter', shape: [3, 3, 4, 5], offset: 0 },
  { name: 'offset', shape: [3], offset: 192 },
  { name: 'untouched', shape: [2], offset: 208 }
]

it('tensors lie in shared memory, and see what is written there', () => {
  expect(tensorsShareMemory()).toBe(true)
  const numbers = sharedFloats(40)
  expect([...numbers]).toEqual(Array.from({ length: 40 }, () => 0))
  const tensor = tf.tensor1d(numbers.subarray(16, 20))
  expect([...tensor.add(0).dataSync()]).toEqual([0, 0, 0, 0])
  numbers.set([1, 2, 3, 4], 16)
  expect([...tensor.add(0).dataSync()]).toEqual([1, 2, 3, 4])
  tensor.dispose()
})

it('adds whole gradients and those of leading channels at their places', () => {
  const [sums, present] = [sharedFloats(256), new Uint8Array(3)]
  const before = tf.memory().numTensors
  const sum = new GradientSum(places, sums, present)
  const expected = new Float32Array(180)
  const add = (shape: [number, number, number, number], factor: number): void => {
    const gradient = tf.range(0, shape.reduce((a, b) => a * b)).mul(factor).reshape(shape)
    const padded = gradient.pad([[0, 0], [0, 0], [0, 4 - shape[2]], [0, 5 - shape[3]]])
    padded.dataSync().forEach((value, index) => (expected[index] += value))
    sum.add('filter', gradient)
    tf.dispose([gradient, padded])
  }
  tf.tidy(() => {
    // What is left from an earlier step counts for nothing.
    sums.fill(7)
    add([3, 3, 2, 3], 1)
    add([3, 3, 4, 5], 2)
    add([3, 3, 4, 1], 3)
    sum.add('offset', tf.tensor1d([1, 2, 3]))
    sum.add('offset', tf.tensor1d([10, 20, 30]))
  })
  expect([...sums.subarray(0, 180)]).toEqual([...expected])
  expect([...sums.subarray(192, 195)]).toEqual([11, 22, 33])
  expect([...sums.subarray(180, 192), ...sums.subarray(195)].every((value) => value === 7)).toBe(true)
  expect([...present]).toEqual([1, 1, 0])
  expect(() => tf.tidy(() => sum.add('nobody', tf.scalar(1)))).toThrow('nobody')
  sum.dispose()
  expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 4)
})
