import { describe, expect, it } from 'vitest'
import { agreement, pearson, rankCorrelation } from '../../../src/core/latency/agreement.js'

describe('correlations', () => {
  it('are those worked out by hand', () => {
    // Deviations (-1, 0, 1) and (-4/3, 5/3, -1/3): 1 / sqrt(2 * 14/3).
    expect(pearson([1, 2, 3], [1, 4, 2])).toBeCloseTo(1 / Math.sqrt(28 / 3), 12)
    expect(pearson([1, 2, 3], [-2, -4, -6])).toBeCloseTo(-1, 12)
    expect(pearson([1, 1], [1, 2])).toBeNaN()
  })

  it('of ranks see only the order, and share the ranks of equal values', () => {
    expect(rankCorrelation([1, 10, 100, 1000], [2, 3, 5, 7])).toBeCloseTo(1, 12)
    // Ranks (0, 1, 2, 3) and (0, 1.5, 1.5, 3): 4.5 / sqrt(5 * 4.5).
    expect(rankCorrelation([1, 2, 3, 4], [5, 6, 6, 7])).toBeCloseTo(4.5 / Math.sqrt(22.5), 12)
  })
})

describe('agreement', () => {
  it('takes the median as the budget and ranks only what is within 20 % of it', () => {
    const found = agreement([11, 18, 22, 24, 80], [10, 19, 20, 24, 40])
    expect(found).toMatchObject({ networks: 5, budgetMs: 20, networksNearBudget: 3, worstError: 1 })
    expect(found.rankNearBudget).toBeCloseTo(1, 12)
    expect(found.medianError).toBeCloseTo(0.1, 12)
  })
})
