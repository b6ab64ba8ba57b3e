import { describe, expect, it } from 'vitest'
import type { Effort } from '../../../src/host/effort.js'
import { learnPace, type TimedEffort } from '../../../src/host/learnPace.js'
import { secondsOf, type Pace } from '../../../src/host/pace.js'

const before: Pace = { secondsPerLayerRun: 1e-3, secondsPerMultiplyAdd: 1e-11 }
/** A stage of so many seconds by `before`, of which this share is for layers. */
const effort = (seconds: number, layers: number): Effort => ({
  layerRuns: (seconds * layers) / before.secondsPerLayerRun,
  multiplyAdds: (seconds * (1 - layers)) / before.secondsPerMultiplyAdd,
  otherSeconds: 3
})
const timedBy = (truth: Pace, efforts: Effort[]): TimedEffort[] => efforts.map((one) => ({ effort: one, seconds: secondsOf(one, truth) }))
const factors = (learned: Pace): number[] => [
  learned.secondsPerLayerRun / before.secondsPerLayerRun,
  learned.secondsPerMultiplyAdd / before.secondsPerMultiplyAdd
]

describe('learnPace', () => {
  it('keeps its belief where nothing was timed, and where it was right', () => {
    expect(learnPace([], before)).toEqual(before)
    const [layers, arithmetic] = factors(learnPace(timedBy(before, [effort(100, 0.9), effort(100, 0.2)]), before))
    expect(layers).toBeCloseTo(1)
    expect(arithmetic).toBeCloseTo(1)
  })

  it('tells the two apart where a run shows both', () => {
    const truth = { secondsPerLayerRun: 2e-3, secondsPerMultiplyAdd: 0.5e-11 }
    const stages = [0.95, 0.9, 0.85, 0.1, 0.1, 0.05].map((layers) => effort(1000, layers))
    const [layers, arithmetic] = factors(learnPace(timedBy(truth, stages), before))
    expect(Math.abs(layers - 2)).toBeLessThan(0.15)
    expect(Math.abs(arithmetic - 0.5)).toBeLessThan(0.1)
  })

  it('leaves alone what a run does not show', () => {
    const slow = { secondsPerLayerRun: 8e-3, secondsPerMultiplyAdd: 8e-11 }
    const small = factors(
      learnPace(
        timedBy(
          slow,
          Array.from({ length: 6 }, () => effort(60, 0.99))
        ),
        before
      )
    )
    expect(small[0]).toBeGreaterThan(7)
    expect(small[1]).toBeLessThan(1.2)
    const large = factors(
      learnPace(
        timedBy(
          slow,
          Array.from({ length: 6 }, () => effort(60, 0.01))
        ),
        before
      )
    )
    expect(large[0]).toBeLessThan(1.2)
    expect(large[1]).toBeGreaterThan(7)
  })

  it('learns less of short stages than of long ones', () => {
    const slow = { ...before, secondsPerLayerRun: 4e-3 }
    const after = (seconds: number): number => factors(learnPace(timedBy(slow, [effort(seconds, 1)]), before))[0]
    expect(after(1)).toBeGreaterThan(1)
    expect(after(1)).toBeLessThan(after(10))
    expect(after(10)).toBeLessThan(after(1000))
    expect(after(1000)).toBeLessThan(4)
  })

  it('minimises what it says it does, seen against a search over a grid', () => {
    const timed: TimedEffort[] = [
      { effort: effort(40, 0.9), seconds: 95 },
      { effort: effort(80, 0.5), seconds: 70 },
      { effort: effort(20, 0.2), seconds: 60 }
    ]
    const loss = (x: number, y: number): number => {
      const misfit = timed.map(({ effort: { layerRuns, multiplyAdds }, seconds }) => {
        const expected = layerRuns * before.secondsPerLayerRun + multiplyAdds * before.secondsPerMultiplyAdd
        const layers = (layerRuns * before.secondsPerLayerRun) / expected
        return (seconds / (seconds + 10)) * (layers * x + (1 - layers) * y - (seconds - 3) / expected) ** 2
      })
      return misfit.reduce((sum, one) => sum + one, 0.3 * ((x - 1) ** 2 + (y - 1) ** 2))
    }
    const [x, y] = factors(learnPace(timed, before))
    const grid = Array.from({ length: 99 }, (_, index) => (index + 1) / 20)
    const [bestX, bestY] = grid
      .flatMap((gx) => grid.map((gy) => [gx, gy]))
      .reduce((best, point) => (loss(point[0], point[1]) < loss(best[0], best[1]) ? point : best))
    expect(loss(x, y)).toBeLessThanOrEqual(loss(bestX, bestY))
    expect(Math.abs(x - bestX)).toBeLessThan(0.1)
    expect(Math.abs(y - bestY)).toBeLessThan(0.1)
  })

  it('never makes a pace of nothing, whatever was measured', () => {
    // Slow where there are layers and instant where there is arithmetic: unbounded, the arithmetic would take less than no time.
    const odd: TimedEffort[] = [0.9, 0.9, 0.9].map((layers) => ({ effort: effort(1000, layers), seconds: 9000 }))
    odd.push(...[0.5, 0.5, 0.5, 0.5].map((layers) => ({ effort: effort(1000, layers), seconds: 4 })))
    const [layers, arithmetic] = factors(learnPace(odd, before))
    expect(arithmetic).toBeCloseTo(0.05)
    expect(layers).toBeGreaterThan(1)
    const instant = factors(
      learnPace(
        [
          { effort: effort(1e6, 1), seconds: 3 },
          { effort: { layerRuns: 0, multiplyAdds: 0, otherSeconds: 1 }, seconds: 5 }
        ],
        before
      )
    )
    expect(instant[0]).toBeGreaterThanOrEqual(0.05)
    expect(instant[1]).toBeCloseTo(1)
  })
})
