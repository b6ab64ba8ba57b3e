import { describe, expect, it } from 'vitest'
import { darkColours, lightColours } from '../../src/renderer/charts/chartColours.js'
import { curveOption } from '../../src/renderer/charts/curveOption.js'
import { runningMean } from '../../src/renderer/charts/runningMean.js'
import type { Series } from '../../src/renderer/charts/series.js'
import { formatted } from '../../src/renderer/locales/formatted.js'
import { commonRange } from '../../src/renderer/charts/commonRange.js'

const series = (...values: number[]): Series => ({ name: 's', tone: 'blue', points: values.map((value, index) => [index, value]) })

describe('running mean', () => {
  it('keeps a constant, starts at the first value and forgets it', () => {
    expect(runningMean([[0, 5], [1, 5], [2, 5]], 3).every(([, y]) => Math.abs(y - 5) < 1e-12)).toBe(true)
    const jump = runningMean(Array.from({ length: 200 }, (_, x): [number, number] => [x, x === 0 ? 100 : 1]), 10)
    expect(jump[0]).toEqual([0, 100])
    expect(jump[199][1]).toBeCloseTo(1, 4)
  })

  it('is the weighted mean of its definition', () => {
    const points: [number, number][] = [[0, 3], [1, -2], [2, 7]]
    const keep = Math.exp(-1 / 2)
    expect(runningMean(points, 2)[2][1]).toBeCloseTo((3 * keep ** 2 - 2 * keep + 7) / (keep ** 2 + keep + 1), 12)
  })
})

describe('a common axis', () => {
  it('holds all values and levels between round ends', () => {
    const range = commonRange([series(3.1, 4.7), series(9.3)], [{ name: 'target', value: 12 }])
    expect(range).toEqual({ min: 2.5, max: 12.5, interval: 2.5 })
  })

  it('does not blow up differences that are too small to matter', () => {
    expect(commonRange([series(0.9999991, 1)], [], 0.005)).toEqual({ min: 0.995, max: 1, interval: 0.005 })
  })

  it('is not stretched by a wild value', () => {
    const range = commonRange([series(...Array.from({ length: 99 }, (_, index) => 1 + index / 100), 1e6)])
    expect(range?.max).toBeLessThan(10)
  })

  it('has room where all values are equal, and is absent without any', () => {
    const range = commonRange([series(0.5, 0.5)])
    expect(range && range.max > range.min).toBe(true)
    expect(commonRange([series()])).toBeUndefined()
    const zero = commonRange([series(0, 0)])
    expect(zero && zero.max > zero.min).toBe(true)
  })
})

describe('a chart of curves', () => {
  it('draws the raw curve as a shadow under its mean, and levels apart from the curves', () => {
    const data = { series: [{ ...series(1, 2, 3), smoothed: true }], kind: 'ms', xName: 'step', levels: [{ name: 'target', value: 2 }] } as const
    const drawn = curveOption({ ...data, series: [...data.series], levels: [...data.levels] }, lightColours, 'en').series as { name?: string; markLine?: object }[]
    expect(drawn.map(({ name }) => name)).toEqual([undefined, 's', undefined])
    expect(drawn[2].markLine).toMatchObject({ data: [{ name: 'target', yAxis: 2 }] })
  })

  it('has other colours on dark ground for every tone', () => {
    for (const tone of Object.keys(lightColours.tones) as (keyof typeof lightColours.tones)[]) {
      expect(darkColours.tones[tone]).not.toBe(lightColours.tones[tone])
    }
  })
})

describe('numbers', () => {
  it('have their unit and the language\'s form', () => {
    expect(formatted(0.5234, 'percent', 'en')).toBe('52.3%')
    expect(formatted(8.307, 'ms', 'en')).toBe('8.31 ms')
    expect(formatted(3_421_875, 'count', 'en')).toBe('3.42M')
    expect(formatted(3_421_875, 'count', 'zh')).toBe('342万')
  })
})
