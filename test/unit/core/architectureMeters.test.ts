import { describe, expect, test } from 'vitest'
import { architectureMeters } from '../../../src/core/architectureMeters.js'
import { initialLogits } from '../../../src/core/initialLogits.js'

const space = { layers: 5, baseWidth: 12, widths: [4, 8, 12], studentStemWidth: 8, classes: 19 }

describe('architectureMeters', () => {
  test('call untouched logits undecided and not collapsed', () => {
    const meters = architectureMeters(initialLogits(space, 'student'))
    expect(meters.entropy.alpha).toBeCloseTo(1, 12)
    expect(meters.entropy.beta).toBeCloseTo(1, 12)
    expect(meters.entropy.gamma).toBeCloseTo(1, 12)
    expect(meters.skipFraction).toBeCloseTo(1 / 5, 12)
    expect(meters.narrowFraction).toBeCloseTo(1 / 3, 12)
  })

  test('call skips and narrow maps collapsed', () => {
    const logits = initialLogits(space, 'student')
    const first = (tables: number[][][]) => tables.map((rows) => rows.map((row) => row.map((_, column) => (column === 0 ? 50 : 0))))
    const meters = architectureMeters({ alpha: first(logits.alpha), beta: logits.beta, gamma: first(logits.gamma) })
    expect([meters.skipFraction, meters.narrowFraction]).toEqual([1, 1])
    expect(meters.entropy.alpha).toBeLessThan(1e-12)
    expect(meters.entropy.beta).toBeCloseTo(1, 12)
  })

  test('count cells, not tables', () => {
    const logits = initialLogits(space, 'student')
    logits.alpha = logits.alpha.map((rows, table) => rows.map((row) => row.map((_, column) => Number(column === (table === 0 ? 0 : 3)))))
    expect(architectureMeters(logits).skipFraction).toBeCloseTo(5 / (5 + 4 + 3), 12)
  })

  test('leave a teacher without widths out', () => {
    const meters = architectureMeters(initialLogits(space, 'teacher'))
    expect(meters.narrowFraction).toBe(0)
    expect(meters.entropy.gamma).toBe(0)
  })

  test('measure a row by hand', () => {
    const row = [Math.log(0.5), Math.log(0.25), Math.log(0.25)]
    const meters = architectureMeters({ alpha: [[row]], beta: [], gamma: [] })
    expect(meters.entropy.alpha).toBeCloseTo((1.5 * Math.log(2)) / Math.log(3), 12)
    expect(meters.skipFraction).toBe(1)
  })
})
