import { describe, expect, it } from 'vitest'
import { boundaryBand, boundaryDistance, boundaryIoU, countBoundary } from '../../../src/core/boundary.js'
import { emptyClassCounts } from '../../../src/core/classCounts.js'
import { randomStream } from '../../../src/core/random.js'

/** A blocky random map of `classes` classes with some ignored pixels. */
function randomMap(height: number, width: number, classes: number, step: number): Uint8Array {
  const random = randomStream(7, 'test/boundary', step)
  const coarse = Array.from({ length: 64 }, () => random.integer(classes))
  return Uint8Array.from({ length: height * width }, (_, index) => {
    if (random.uniform() < 0.05) return 255
    const y = Math.floor((Math.floor(index / width) * 8) / height)
    const x = Math.floor(((index % width) * 8) / width)
    return random.uniform() < 0.03 ? random.integer(classes) : coarse[y * 8 + x]
  })
}

/** The definition, read literally. */
function bandByBruteForce(labels: Uint8Array, height: number, width: number, distance: number): Uint8Array {
  return labels.map((label, index) => {
    if (label === 255) return 0
    const y = Math.floor(index / width)
    const x = index % width
    for (let row = Math.max(0, y - distance); row <= Math.min(height - 1, y + distance); row++) {
      for (let column = Math.max(0, x - distance); column <= Math.min(width - 1, x + distance); column++) {
        const other = labels[row * width + column]
        if (other !== 255 && other !== label) return 1
      }
    }
    return 0
  })
}

function scoreByBruteForce(truth: Uint8Array, predicted: Uint8Array, height: number, width: number, distance: number, classes: number): number {
  const judged = predicted.map((label, index) => (truth[index] === 255 ? 255 : label))
  const a = bandByBruteForce(truth, height, width, distance)
  const b = bandByBruteForce(judged, height, width, distance)
  const scores: number[] = []
  for (let label = 0; label < classes; label++) {
    const inTruth = Array.from(truth.keys()).filter((index) => truth[index] === label && a[index] === 1)
    const inJudged = new Set(Array.from(judged.keys()).filter((index) => judged[index] === label && b[index] === 1))
    if (inTruth.length === 0) continue
    const both = inTruth.filter((index) => inJudged.has(index)).length
    scores.push(both / (inTruth.length + inJudged.size - both))
  }
  return scores.reduce((sum, value) => sum + value, 0) / scores.length
}

describe('boundary IoU', () => {
  it.each([[13, 29, 1], [32, 24, 2], [17, 17, 5], [9, 40, 12], [1, 30, 3], [30, 1, 3]])(
    'has the band of the definition: %i x %i, distance %i',
    (height, width, distance) => {
      for (let step = 0; step < 4; step++) {
        const map = randomMap(height, width, 4, step)
        expect(boundaryBand(map, height, width, distance)).toEqual(bandByBruteForce(map, height, width, distance))
      }
    }
  )

  it('equals the score of the definition over set after set', () => {
    for (let step = 0; step < 6; step++) {
      const truth = randomMap(24, 36, 5, step)
      const predicted = randomMap(24, 36, 5, step + 100).map((label, index) => (label === 255 ? 0 : index % 3 === 0 ? label : truth[index] % 5))
      const counts = emptyClassCounts(5)
      countBoundary(counts, truth, predicted, 24, 36, 2)
      expect(boundaryIoU(counts)).toBeCloseTo(scoreByBruteForce(truth, predicted, 24, 36, 2, 5), 12)
    }
  })

  it('is 1 for the truth itself, whatever is predicted on ignored pixels', () => {
    const truth = randomMap(20, 20, 3, 1)
    const predicted = truth.map((label) => (label === 255 ? 2 : label))
    const counts = emptyClassCounts(3)
    countBoundary(counts, truth, predicted, 20, 20, 3)
    expect(boundaryIoU(counts)).toBe(1)
  })

  it('sees a shift of one pixel that plain IoU hardly sees', () => {
    const truth = Uint8Array.from({ length: 64 * 64 }, (_, index) => (index % 64 < 32 ? 0 : 1))
    const shifted = Uint8Array.from({ length: 64 * 64 }, (_, index) => (index % 64 < 33 ? 0 : 1))
    const counts = emptyClassCounts(2)
    countBoundary(counts, truth, shifted, 64, 64, 1)
    expect(boundaryIoU(counts)).toBe(0)
    const wider = emptyClassCounts(2)
    countBoundary(wider, truth, shifted, 64, 64, 3)
    expect(boundaryIoU(wider)).toBeCloseTo(2 / 4, 12)
  })

  it('is null where nothing has a boundary', () => {
    const counts = emptyClassCounts(2)
    countBoundary(counts, new Uint8Array(16), new Uint8Array(16), 4, 4, 1)
    expect(boundaryIoU(counts)).toBeNull()
  })

  it('takes 0.75 % of the diagonal as distance, at least 1', () => {
    expect(boundaryDistance(1024, 2048)).toBe(17)
    expect(boundaryDistance(720, 960)).toBe(9)
    expect(boundaryDistance(32, 32)).toBe(1)
  })
})
