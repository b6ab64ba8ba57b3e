import { median } from '../median.js'

/** How well predicted latencies agree with measured ones. */
export interface Agreement {
  networks: number
  pearson: number
  /** Spearman's, among the networks measured within 20 % of the budget, which is the median of all that were measured. */
  rankNearBudget: number
  networksNearBudget: number
  budgetMs: number
  /** Of |predicted - measured| / measured. */
  medianError: number
  worstError: number
}

const nearBudget = 0.2

/** At least 2 networks. */
export function agreement(predictedMs: readonly number[], measuredMs: readonly number[]): Agreement {
  const budgetMs = median(measuredMs)
  const near = measuredMs.flatMap((value, index) => (Math.abs(value / budgetMs - 1) <= nearBudget ? [index] : []))
  const errors = measuredMs.map((value, index) => Math.abs(predictedMs[index] / value - 1))
  return {
    networks: measuredMs.length,
    pearson: pearson(predictedMs, measuredMs),
    rankNearBudget: rankCorrelation(near.map((index) => predictedMs[index]), near.map((index) => measuredMs[index])),
    networksNearBudget: near.length,
    budgetMs,
    medianError: median(errors),
    worstError: Math.max(...errors)
  }
}

/** NaN where one side does not vary. */
export function pearson(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)]
  const sum = (product: (index: number) => number): number => a.reduce((total, _, index) => total + product(index), 0)
  const covariance = sum((index) => (a[index] - meanA) * (b[index] - meanB))
  return covariance / Math.sqrt(sum((index) => (a[index] - meanA) ** 2) * sum((index) => (b[index] - meanB) ** 2))
}

/** Spearman's: Pearson's of the ranks; equal values share the mean of their ranks. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  return pearson(ranks(a), ranks(b))
}

function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length
    const equal = values.filter((other) => other === value).length
    return below + (equal - 1) / 2
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
