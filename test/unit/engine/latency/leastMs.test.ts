import { describe, expect, it } from 'vitest'
import { partGraph } from '../../../../src/core/networkBuilder.js'
import { leastMs } from '../../../../src/engine/latency/leastMs.js'
import type { LatencyKey } from '../../../../src/shared/latencyTable.js'

const conv = (channels: number): LatencyKey => ({ part: 'conv', height: 8, width: 8, inChannels: channels, outChannels: channels, stride: 1 })
const graphs = new Map([['small', partGraph(conv(4))], ['large', partGraph(conv(16))]])
const measured = (medianMs: number) => ({ medianMs, deviationMs: 0.01, count: 16 })

describe('leastMs', () => {
  it('gives what is lost in noise the time of its work at the best rate that was seen', () => {
    const found = leastMs({ small: measured(-0.004), large: measured(1.6) }, graphs)
    expect(found.large).toEqual(measured(1.6))
    // 16 times less multiply-adds, 4 times fewer numbers: the numbers decide.
    expect(found.small).toMatchObject({ deviationMs: 0.01, count: 16 })
    expect(found.small.medianMs).toBeCloseTo(0.4, 12)
  })

  it('leaves what is above it, and does not believe an uncertain rate', () => {
    expect(leastMs({ small: measured(0.5), large: measured(1.6) }, graphs).small.medianMs).toBe(0.5)
    expect(leastMs({ small: measured(0.002), large: measured(1.6) }, graphs).small.medianMs).toBeCloseTo(0.4, 12)
  })

  it('gives a nanosecond where nothing at all was measured', () => {
    expect(leastMs({ small: measured(-1), large: measured(-1) }, graphs).large.medianMs).toBe(1e-6)
  })
})
