/** The score-function estimator of gamma's gradient, against the enumeration of every plan of a tiny space. */
import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/core/random.js'
import { scoreFunctionGradient } from '../../../src/engine/search/scoreFunction.js'

const random = randomStream(4, 'score-function')
const gamma = [2, 2, 1].map((rows) => Array.from({ length: rows }, () => Array.from({ length: 3 }, () => 2 * random.normal())))

/** Every plan of five maps with three widths each, and a loss that is no sum over the maps. */
const plans = Array.from({ length: 3 ** 5 }, (_, number) => {
  const digits = Array.from({ length: 5 }, (_, place) => Math.floor(number / 3 ** place) % 3)
  return { plan: [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)], loss: 5 + random.normal() + digits[0] * digits[3] }
})

function probabilityOf(logits: number[][][], plan: number[][]): number {
  const rows = logits.flat()
  return plan.flat().reduce((product, width, row) => {
    const sum = rows[row].reduce((total, logit) => total + Math.exp(logit), 0)
    return (product * Math.exp(rows[row][width])) / sum
  }, 1)
}

const expectedLoss = (logits: number[][][]): number => plans.reduce((sum, { plan, loss }) => sum + probabilityOf(logits, plan) * loss, 0)

/** d expectedLoss / d gamma by central differences. */
function exactGradient(): number[][][] {
  const step = 1e-5
  return gamma.map((table, t) => table.map((row, r) => row.map((_, k) => {
    const moved = (by: number): number[][][] => gamma.map((rows, i) => rows.map((logits, j) => logits.map((logit, l) => (i === t && j === r && l === k ? logit + by : logit))))
    return (expectedLoss(moved(step)) - expectedLoss(moved(-step))) / (2 * step)
  })))
}

/** Mean and variance of the estimate over all plans, as flat vectors. */
function estimateMoments(baseline: readonly number[]): { mean: number[]; variance: number[] } {
  const size = gamma.flat(2).length
  const mean = new Array<number>(size).fill(0)
  const square = new Array<number>(size).fill(0)
  for (const { plan, loss } of plans) {
    const probability = probabilityOf(gamma, plan)
    scoreFunctionGradient(gamma, plan, loss, baseline).flat(2).forEach((value, i) => {
      mean[i] += probability * value
      square[i] += probability * value * value
    })
  }
  return { mean, variance: square.map((value, i) => value - mean[i] ** 2) }
}

describe('the score-function estimator', () => {
  const exact = exactGradient().flat(2)

  it('has a task with a gradient', () => {
    expect(plans.reduce((sum, { plan }) => sum + probabilityOf(gamma, plan), 0)).toBeCloseTo(1, 12)
    expect(Math.max(...exact.map(Math.abs))).toBeGreaterThan(0.1)
  })

  it.each([[[0, 0]], [[5, 6]], [[100, -30]]])('is unbiased with the baseline of %j, whatever it is', (baseline) => {
    const { mean } = estimateMoments(baseline)
    mean.forEach((value, i) => expect(Math.abs(value - exact[i])).toBeLessThan(1e-7))
  })

  it('varies less with a baseline near the losses than with none', () => {
    const total = (values: number[]): number => values.reduce((a, b) => a + b, 0)
    expect(total(estimateMoments([5, 6]).variance)).toBeLessThan(0.5 * total(estimateMoments([0, 0]).variance))
  })
})
