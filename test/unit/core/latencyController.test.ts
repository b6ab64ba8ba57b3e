import { describe, expect, it } from 'vitest'
import { controlLambda, greatestFactor } from '../../../src/core/latency/latencyController.js'

const window = { targetLatencyMs: 20, band: 0.25, initialLambda: 0.01 }

describe('the latency controller', () => {
  it.each([
    ['above the window', 25.001, 0.02, 'doubled'],
    ['on its upper edge', 25, 0.01, 'kept'],
    ['at the target', 20, 0.01, 'kept'],
    ['on its lower edge', 15, 0.01, 'kept'],
    ['below the window', 14.999, 0.005, 'halved']
  ])('%s', (_, latencyMs, lambda, change) => {
    expect(controlLambda(0.01, latencyMs, window)).toEqual({ lambda, change })
  })

  it('does what the published code does between 155 and 175 frames a second', () => {
    // band 10 / 165 around 165 frames a second, told in frames; in milliseconds the edges differ by the square of the band.
    const published = (framesPerSecond: number): string => (framesPerSecond >= 175 ? 'halved' : framesPerSecond <= 155 ? 'doubled' : 'kept')
    const ours = (framesPerSecond: number): string =>
      controlLambda(0.01, 1000 / framesPerSecond, { targetLatencyMs: 1000 / 165, band: 0.06, initialLambda: 0.01 }).change
    for (const framesPerSecond of [60, 120, 150, 154, 157, 165, 174, 178, 200, 400]) expect(ours(framesPerSecond), `${framesPerSecond}`).toBe(published(framesPerSecond))
  })

  it('goes back exactly where it came from: factors of two lose no bit', () => {
    let lambda = 0.0123
    for (let epoch = 0; epoch < 7; epoch++) lambda = controlLambda(lambda, 99, { ...window, initialLambda: 0.0123 }).lambda
    expect(lambda).toBe(0.0123 * 128)
    for (let epoch = 0; epoch < 7; epoch++) lambda = controlLambda(lambda, 1, { ...window, initialLambda: 0.0123 }).lambda
    expect(lambda).toBe(0.0123)
  })

  it.each([
    ['slow', 1000, greatestFactor],
    ['fast', 0.1, 1 / greatestFactor]
  ])('stays within its bounds where every network is too %s, and says that it was kept', (_, latencyMs, factor) => {
    let lambda = window.initialLambda
    const changes = Array.from({ length: 12 }, () => {
      const next = controlLambda(lambda, latencyMs, window)
      lambda = next.lambda
      return next.change
    })
    expect(lambda).toBe(factor * window.initialLambda)
    expect(changes.slice(-2)).toEqual(['kept', 'kept'])
    expect(changes.slice(0, 10)).not.toContain('kept')
  })
})
