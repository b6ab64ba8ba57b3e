import { describe, expect, test } from 'vitest'
import { scoresOf } from '../../../src/core/metrics.js'

describe('scoresOf', () => {
  test('matches a matrix worked out by hand', () => {
    const scores = scoresOf([[4, 1, 0], [2, 3, 0], [0, 0, 0]])
    expect(scores.classIoU).toEqual([4 / 7, 3 / 6, null])
    expect(scores.meanIoU).toBeCloseTo((4 / 7 + 1 / 2) / 2, 14)
    expect(scores.pixelAccuracy).toBe(0.7)
  })

  test('counts a class that is only predicted as 0', () => {
    const scores = scoresOf([[4, 1], [0, 0]])
    expect(scores.classIoU).toEqual([4 / 5, 0])
    expect(scores.meanIoU).toBe(2 / 5)
  })

  test('reads typed rows, as large as whole datasets', () => {
    const scores = scoresOf([new Float64Array([3e9, 1e9]), new Float64Array([1e9, 5e9])])
    expect(scores.pixelAccuracy).toBe(0.8)
    expect(scores.classIoU).toEqual([3 / 5, 5 / 7])
  })

  test('is 0 where nothing was counted', () => {
    expect(scoresOf([[0, 0], [0, 0]])).toEqual({ meanIoU: 0, pixelAccuracy: 0, classIoU: [null, null] })
  })
})
