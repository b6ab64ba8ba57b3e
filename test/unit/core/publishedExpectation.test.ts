import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { gradientOfLogits } from '../../../src/core/latency/expectedLatency.js'
import { publishedCosts } from '../../../src/core/published/publishedCosts.js'
import { publishedExpectation } from '../../../src/core/published/publishedExpectation.js'
import { softmax } from '../../../src/core/softmax.js'
import { initialLogits } from '../../../src/core/initialLogits.js'
import { publishedSpace, publishedTable } from './publishedStudent.js'

interface Fixture {
  cases: {
    layers: number
    alpha: number[][][]
    beta: number[][][]
    widths: number[][]
    latencyMs: number
    gradient: { alpha: number[][][]; beta: number[][][]; scores: number[][][] }
  }[]
}

const fixture = JSON.parse(readFileSync(new URL('../../fixtures/fasterseg/latency.json', import.meta.url), 'utf8')) as Fixture

describe('the published relaxed latency', () => {
  test.each(fixture.cases)('of $layers layers and its gradients are those of the published code', (one) => {
    const { costs, stemMs } = publishedCosts({ ...publishedSpace, layers: one.layers }, publishedTable, 'student')
    const probabilities = { alpha: each(one.alpha, softmax), beta: each(one.beta, softmax), gamma: [] }
    const found = publishedExpectation(costs, stemMs, { ...probabilities, widths: one.widths })
    expect(found.latencyMs / one.latencyMs).toBeCloseTo(1, 12)
    const logits = gradientOfLogits(probabilities, { ...found.gradient, gamma: [] })
    expectClose(logits.alpha.flat(2), one.gradient.alpha.flat(2))
    expectClose(logits.beta.flat(2), one.gradient.beta.flat(2))
    const selected = one.widths.map((row, table) => row.map((width, index) => one.gradient.scores[table][index][width]))
    expectClose(found.gradient.scores.flat(), selected.flat())
  })

  test('starts at 27.7120 ms, widest, and 11.2816 ms, narrowest, with the 1080Ti table', () => {
    const initial = initialLogits(publishedSpace, 'student')
    const { costs, stemMs } = publishedCosts(publishedSpace, publishedTable, 'student')
    const probabilities = { alpha: each(initial.alpha, softmax), beta: each(initial.beta, softmax), gamma: [] }
    const at = (width: number) => {
      const widths = initial.gamma.map((rows) => rows.map(() => width))
      return publishedExpectation(costs, stemMs, { ...probabilities, widths }).latencyMs
    }
    expect(at(4)).toBeCloseTo(27.712, 4)
    expect(at(0)).toBeCloseTo(11.2816, 4)
  })

  test('never moves beta of 1/16, and moves the last row of beta of 1/32 most (quirk C)', () => {
    const initial = initialLogits(publishedSpace, 'student')
    const { costs, stemMs } = publishedCosts(publishedSpace, publishedTable, 'student')
    const probabilities = { alpha: each(initial.alpha, softmax), beta: each(initial.beta, softmax), gamma: [] }
    const widths = initial.gamma.map((rows) => rows.map(() => 4))
    const found = publishedExpectation(costs, stemMs, { ...probabilities, widths })
    const beta = gradientOfLogits(probabilities, { ...found.gradient, gamma: [] }).beta
    expect(beta[0].flat().every((value) => value === 0)).toBe(true)
    expect(Math.abs(beta[1][12][0])).toBeCloseTo(0.303, 3)
    expect(Math.sign(beta[1][12][0])).toBe(-Math.sign(beta[1][5][0]))
    expect(Math.max(...beta[1].slice(0, -1).flat().map(Math.abs))).toBeCloseTo(0.019, 3)
  })
})

function each(tables: number[][][], change: (row: number[]) => number[]): number[][][] {
  return tables.map((rows) => rows.map(change))
}

function expectClose(found: number[], expected: number[]): void {
  expect(found).toHaveLength(expected.length)
  const largest = Math.max(...expected.map(Math.abs))
  expect(largest).toBeGreaterThan(1e-3)
  found.forEach((value, index) => expect(Math.abs(value - expected[index]) / largest).toBeLessThan(1e-10))
}
