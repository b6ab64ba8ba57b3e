/** Against the normal equations, solved by elimination, and against every set of weights that may be at their bound. */
import { describe, expect, it } from 'vitest'
import { nonNegativeRidge, type RidgeProblem } from '../../../src/core/latency/nonNegativeRidge.js'
import { randomStream } from '../../../src/core/random.js'

function problem(seed: number, weights: number[], options: { noise: number; ridge: number; prior?: number[] }): RidgeProblem {
  const random = randomStream(seed, 'ridge')
  const rows = Array.from({ length: 30 }, () => weights.map(() => 1 + random.normal()))
  const targets = rows.map((row) => row.reduce((sum, value, column) => sum + value * weights[column], options.noise * random.normal()))
  return { rows, targets, prior: options.prior ?? weights.map(() => 0), ridge: options.ridge }
}

/** Minimum over the weights in `free`, the others 0. Null where a free one is negative. */
function atBounds({ rows, targets, prior, ridge }: RidgeProblem, free: number[]): number[] | null {
  const matrix = free.map((a) => free.map((b) => {
    const product = rows.reduce((sum, row) => sum + row[a] * row[b], 0)
    return a === b ? product * (1 + ridge) : product
  }))
  const right = free.map((a) => rows.reduce((sum, row, index) => sum + row[a] * (targets[index] + ridge * row[a] * prior[a]), 0))
  const solved = eliminate(matrix, right)
  const weights = prior.map(() => 0)
  free.forEach((column, place) => (weights[column] = solved[place]))
  return weights.some((weight) => weight < 0) ? null : weights
}

function eliminate(matrix: number[][], right: number[]): number[] {
  const size = right.length
  const a = matrix.map((row, index) => [...row, right[index]])
  for (let pivot = 0; pivot < size; pivot++) {
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue
      const factor = a[row][pivot] / a[pivot][pivot]
      for (let column = pivot; column <= size; column++) a[row][column] -= factor * a[pivot][column]
    }
  }
  return a.map((row, index) => row[size] / row[index])
}

function lossOf({ rows, targets, prior, ridge }: RidgeProblem, weights: number[]): number {
  const misfit = rows.reduce((sum, row, index) => sum + (row.reduce((dot, value, column) => dot + value * weights[column], 0) - targets[index]) ** 2, 0)
  const pull = prior.reduce((sum, value, column) => (
    sum + rows.reduce((squares, row) => squares + row[column] ** 2, 0) * (weights[column] - value) ** 2
  ), 0)
  return misfit + ridge * pull
}

describe('nonNegativeRidge', () => {
  it.each([0, 0.01, 1])('solves the normal equations where no weight is at its bound (ridge %d)', (ridge) => {
    const given = problem(1, [2, 0.7, 3], { noise: 0.1, ridge, prior: [1, 1, 0.5] })
    const expected = atBounds(given, [0, 1, 2])
    expect(expected).not.toBeNull()
    nonNegativeRidge(given).forEach((weight, column) => expect(weight).toBeCloseTo(expected![column], 9))
  })

  it('is the best of all sets of weights at zero', () => {
    for (let seed = 2; seed < 12; seed++) {
      const given = problem(seed, [1, -0.8, 0.5, -0.3], { noise: 0.5, ridge: 0.02 })
      const found = nonNegativeRidge(given)
      const sets = Array.from({ length: 16 }, (_, bits) => [0, 1, 2, 3].filter((column) => (bits >> column) % 2 === 1))
      const losses = sets.flatMap((free) => {
        const weights = atBounds(given, free)
        return weights === null ? [] : [lossOf(given, weights)]
      })
      expect(Math.min(...found)).toBe(0)
      expect(lossOf(given, found)).toBeCloseTo(Math.min(...losses), 9)
    }
  })

  it('leaves the prior where a column says nothing, and where the pull is all', () => {
    const rows = [[1, 0], [2, 0]]
    expect(nonNegativeRidge({ rows, targets: [3, 6], prior: [1, 0.4], ridge: 0 })[1]).toBe(0.4)
    expect(nonNegativeRidge({ rows, targets: [3, 6], prior: [1, 0.4], ridge: 1e9 })[0]).toBeCloseTo(1, 6)
  })
})
