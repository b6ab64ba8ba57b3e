import { expect, it } from 'vitest'
import { kaimingNormal } from '../../../src/core/kaimingNormal.js'

const moment = (values: Float32Array, power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / values.length

it('has mean 0, variance 2 / fan-in and the kurtosis of a normal distribution', () => {
  const values = kaimingNormal([3, 3, 32, 256], 5, 'layer')
  const variance = 2 / (3 * 3 * 32)
  // Standard errors for 73,728 draws: mean sqrt(v / n), variance v * sqrt(2 / n), fourth moment v^2 * sqrt(96 / n); five of each allowed.
  expect(Math.abs(moment(values, 1))).toBeLessThan(5 * Math.sqrt(variance / values.length))
  expect(Math.abs(moment(values, 2) / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / values.length))
  expect(Math.abs(moment(values, 4) / variance ** 2 - 3)).toBeLessThan(5 * Math.sqrt(96 / values.length))
})

it('is a function of seed and name, with an odd number of values too', () => {
  const shape = [1, 1, 3, 5] as const
  expect(kaimingNormal(shape, 1, 'a')).toEqual(kaimingNormal(shape, 1, 'a'))
  expect(kaimingNormal(shape, 1, 'a')).not.toEqual(kaimingNormal(shape, 1, 'b'))
  expect(kaimingNormal(shape, 1, 'a')).not.toEqual(kaimingNormal(shape, 2, 'a'))
  expect(kaimingNormal(shape, 1, 'a').every((value) => Number.isFinite(value) && value !== 0)).toBe(true)
})
