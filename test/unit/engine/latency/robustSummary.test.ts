import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../../src/core/random.js'
import { robustSummary } from '../../../../src/engine/latency/robustSummary.js'

describe('robustSummary', () => {
  it('gives the middle, and 1.4826 times the median deviation from it', () => {
    expect(robustSummary([5, 1, 4, 2, 3])).toEqual({ medianMs: 3, deviationMs: 1.4826, count: 5 })
  })

  it('takes the mean of the two in the middle of an even number', () => {
    expect(robustSummary([4, 1, 2, 3]).medianMs).toBe(2.5)
  })

  it('leaves out what another program held up', () => {
    const quiet = robustSummary([10, 10.1, 9.9, 10.2, 9.8])
    expect(robustSummary([10, 10.1, 9.9, 10.2, 9.8, 250])).toMatchObject({ count: 5, medianMs: quiet.medianMs })
  })

  it('keeps equal samples, and a single one', () => {
    expect(robustSummary([7, 7, 7])).toEqual({ medianMs: 7, deviationMs: 0, count: 3 })
    expect(robustSummary([7])).toEqual({ medianMs: 7, deviationMs: 0, count: 1 })
  })

  it('is deviation in the usual sense for normal noise', () => {
    const random = randomStream(1, 'noise')
    const samples = Array.from({ length: 20_000 }, () => 100 + 2 * random.normal())
    expect(robustSummary(samples).deviationMs).toBeCloseTo(2, 1)
  })
})
