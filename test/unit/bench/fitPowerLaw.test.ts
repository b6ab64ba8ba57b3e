import { describe, expect, it } from 'vitest'
import { fitPowerLaw } from '../../../bench/growth/fitPowerLaw.js'

describe('fitPowerLaw', () => {
  it('finds an exact law', () => {
    const { exponent, factor, rSquared } = fitPowerLaw([1, 2, 5, 9].map((x) => ({ x, y: 3 * x ** 1.5 })))
    expect(exponent).toBeCloseTo(1.5, 10)
    expect(factor).toBeCloseTo(3, 10)
    expect(rSquared).toBeCloseTo(1, 10)
  })

  it('weighs each point alike on logarithmic axes', () => {
    // By hand: logs of base 2 are x 0, 1, 2 and y 0, 2, 1; slope 1/2, mean of y 1, offset 1/2; explained 1/2 of 2.
    const { exponent, factor, rSquared } = fitPowerLaw([{ x: 1, y: 1 }, { x: 2, y: 4 }, { x: 4, y: 2 }])
    expect(exponent).toBeCloseTo(0.5, 10)
    expect(factor).toBeCloseTo(Math.SQRT2, 10)
    expect(rSquared).toBeCloseTo(0.25, 10)
  })

  it('explains everything where nothing varies', () => {
    expect(fitPowerLaw([{ x: 1, y: 7 }, { x: 2, y: 7 }])).toMatchObject({ exponent: 0, rSquared: 1 })
  })

  it.each([[[{ x: 2, y: 1 }, { x: 2, y: 3 }]], [[{ x: 1, y: 0 }, { x: 2, y: 3 }]], [[]]])('refuses what has no logarithm or no slope: %j', (points) => {
    expect(() => fitPowerLaw(points)).toThrow('two different x')
  })
})
