import { describe, expect, it } from 'vitest'
import { colourDistance, distinctColours, leastDistance } from '../../../src/core/palette.js'
import type { Colour } from '../../../src/core/palette.js'

function nearest(colours: Colour[]): number {
  const all: Colour[] = [[0, 0, 0], ...colours]
  return Math.min(...all.flatMap((a, i) => all.slice(i + 1).map((b) => colourDistance(a, b))))
}

describe('colours of classes', () => {
  it('measures distance as CIE76 does', () => {
    expect(colourDistance([255, 255, 255], [0, 0, 0])).toBeCloseTo(100, 1)
    // Lab of sRGB red is (53.24, 80.09, 67.20), of sRGB blue (32.30, 79.19, -107.86).
    expect(colourDistance([255, 0, 0], [0, 0, 255])).toBeCloseTo(176.33, 0)
  })

  it('keeps colours that can be told apart', () => {
    const camvid: Colour[] = [[128, 128, 128], [128, 0, 0], [192, 192, 128], [128, 64, 128], [0, 0, 192]]
    expect(distinctColours(camvid)).toEqual(camvid)
  })

  it('changes one of two equal colours, and black, which means ignored', () => {
    const colours = distinctColours([[0, 0, 0], [128, 64, 128], [128, 64, 130], [0, 0, 192]])
    expect(colours[1]).toEqual([128, 64, 128])
    expect(colours[3]).toEqual([0, 0, 192])
    expect(nearest(colours)).toBeGreaterThanOrEqual(leastDistance)
  })

  it('finds colours for 32 classes without any', () => {
    expect(nearest(distinctColours(Array.from({ length: 32 }, (): Colour => [0, 0, 0])))).toBeGreaterThanOrEqual(leastDistance)
  })
})
