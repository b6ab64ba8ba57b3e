import { describe, expect, it, vi } from 'vitest'
import { randomStream } from '../../../src/core/random.js'
import { GrowingCurve, type Point } from '../../../src/renderer/journal/growingCurve.js'

vi.setConfig({ testTimeout: 60_000 })

function grown(count: number): { curve: GrowingCurve; points: Point[] } {
  const random = randomStream(5, 'growing curve')
  const points = Array.from({ length: count }, (_, index): Point => [index + 1, random.normal()])
  const curve = new GrowingCurve()
  for (const [x, y] of points) curve.add(x, y)
  return { curve, points }
}

describe('a curve that grows', () => {
  it('is drawn point by point while it is short', () => {
    const { curve, points } = grown(1000)
    expect(curve.outline()).toEqual(points)
    expect(curve.means()).toEqual(points)
  })

  it.each([1001, 4096, 100_003])('of %i points keeps its peaks, its ends and its means, in a bounded number of points', (count) => {
    const { curve, points } = grown(count)
    const outline = curve.outline()
    expect(curve.length).toBe(count)
    expect(outline.length).toBeLessThanOrEqual(2000)
    expect(curve.means().length).toBeLessThanOrEqual(1000)
    expect(curve.means().length).toBeGreaterThan(499)
    const values = points.map(([, y]) => y)
    const drawn = outline.map(([, y]) => y)
    expect(Math.max(...drawn)).toBe(Math.max(...values))
    expect(Math.min(...drawn)).toBe(Math.min(...values))
    expect(outline.every(([x], index) => index === 0 || x > outline[index - 1][0])).toBe(true)

    const spans = curve.means()
    const begins = spans.map(([x]) => x)
    for (const [index, [x, mean]] of spans.entries()) {
      const own = points.slice(x - 1, (begins[index + 1] ?? count + 1) - 1).map(([, y]) => y)
      expect(mean).toBeCloseTo(own.reduce((sum, y) => sum + y, 0) / own.length, 10)
    }
  })
})
