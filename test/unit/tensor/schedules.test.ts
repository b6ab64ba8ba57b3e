import { expect, it } from 'vitest'
import { cosine, exponentialPerEpoch, poly, warmUp } from '../../../src/engine/tensor/schedules.js'

it('exponential per epoch is constant within an epoch', () => {
  const rate = exponentialPerEpoch(0.02, 0.5, 3)
  expect([0, 1, 2, 3, 5, 6].map(rate)).toEqual([0.02, 0.02, 0.02, 0.01, 0.01, 0.005])
})

it('poly goes from the rate to 0 with power 0.9', () => {
  const rate = poly(0.01, 10)
  expect(rate(0)).toBe(0.01)
  expect(rate(5)).toBeCloseTo(0.01 * 0.5 ** 0.9, 12)
  expect(rate(10)).toBe(0)
  expect(rate(11)).toBe(0)
})

it('cosine is halfway in the middle and rests at the floor', () => {
  const rate = cosine(0.3, 8, 0.1)
  expect(rate(0)).toBeCloseTo(0.3, 12)
  expect(rate(4)).toBeCloseTo(0.2, 12)
  expect(rate(8)).toBeCloseTo(0.1, 12)
  expect(rate(20)).toBeCloseTo(0.1, 12)
})

it('warm-up rises linearly to the schedule and then follows it', () => {
  const rate = warmUp((step) => (step < 5 ? 8 : 1), 4)
  expect([0, 1, 2, 3, 4, 5].map(rate)).toEqual([2, 4, 6, 8, 8, 1])
  expect(warmUp(() => 3, 0)(0)).toBe(3)
})
