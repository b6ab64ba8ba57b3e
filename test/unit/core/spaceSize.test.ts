import { describe, expect, test } from 'vitest'
import { rowsAt } from '../../../src/core/lattice.js'
import { spaceSize } from '../../../src/core/spaceSize.js'
import type { SearchSpace } from '../../../src/shared/architecture.js'

function space(layers: number, widths = [4, 6, 8, 10, 12]): SearchSpace {
  return { layers, baseWidth: 12, widths, studentStemWidth: 8, classes: 19 }
}

describe('spaceSize', () => {
  test('of the paper: 1695 pairs of paths, 3.4e55 cells and widths, 10^58 networks', () => {
    const size = spaceSize(space(16))
    expect(size.paths).toBe(1695n)
    expect(size.published.cells).toBe(21n ** 42n + 125n)
    expect(Number(size.published.cells) / 1e55).toBeCloseTo(3.4, 1)
    expect(Math.floor(size.published.totalLog10)).toBe(58)
    expect(size.cells).toBe(21n ** 42n * 125n)
    expect(size.totalLog10).toBeCloseTo(42 * Math.log10(21) + 3 * Math.log10(5) + Math.log10(1695), 12)
  })

  test.each([3, 4, 5, 8])('of %i layers is what enumeration finds', (layers) => {
    const ends = [0, 1, 2].map((row) => countPaths(layers, row))
    expect(spaceSize(space(layers)).paths).toBe(BigInt(ends[0] * ends[1] + ends[0] * ends[2] + ends[1] * ends[2]))
    let cells = 1n
    for (let layer = 0; layer < layers; layer++) {
      for (const _ of rowsAt(layer)) cells *= layer === layers - 1 ? 5n : 1n + 4n * 2n
    }
    expect(spaceSize(space(layers, [6, 12])).cells).toBe(cells)
  })
})

/** Walks that start at row 0, go down by at most one row a layer and end at `row`. */
function countPaths(layers: number, row: number): number {
  const walk = (layer: number, at: number): number => {
    if (at > row) return 0
    if (layer === layers - 1) return Number(at === row)
    return walk(layer + 1, at) + walk(layer + 1, at + 1)
  }
  return walk(0, 0)
}
