import { describe, expect, test } from 'vitest'
import { branchesOf } from '../../../src/core/branchesOf.js'
import { rowsAt } from '../../../src/core/lattice.js'
import { powerOfTen } from '../../../src/core/powerOfTen.js'
import { spaceSize } from '../../../src/core/spaceSize.js'
import { settingsSchema } from '../../../src/shared/config/settings.js'

const paper = { layers: 16, widths: [4, 6, 8, 10, 12] }
const pairs = ['16,32', '8,32', '8,16'].map(branchesOf)

describe('spaceSize', () => {
  test('of the paper: 15 + 105 + 15 * 105 = 1695 pairs of paths, 3.4e55 cells and widths, 10^58 networks', () => {
    const size = spaceSize(paper, pairs)
    expect(size.pathsOf).toEqual([15n * 105n, 105n, 15n])
    expect(size.paths).toBe(1695n)
    expect(size.inner).toEqual({ choices: 21n, cells: 15n + 14n + 13n })
    expect(size.published.cells).toBe(21n ** 42n + 5n ** 3n)
    expect(Number(size.published.cells) / 1e55).toBeCloseTo(3.4, 1)
    expect(Math.floor(size.published.totalLog10)).toBe(58)
    expect(size.cells).toBe(21n ** 42n * 125n)
    expect(size.totalLog10).toBeCloseTo(42 * Math.log10(21) + 3 * Math.log10(5) + Math.log10(1695), 12)
  })

  test('of the default settings is that of the paper', () => {
    const { space } = settingsSchema.parse({})
    expect(spaceSize(space, space.branchPairs.map(branchesOf)).paths).toBe(1695n)
  })

  test('of one and of three branches', () => {
    expect(spaceSize(paper, ['8', '16', '32', '8,16,32'].map(branchesOf)).pathsOf).toEqual([1n, 15n, 105n, 15n * 105n])
    expect(spaceSize(paper, []).paths).toBe(0n)
  })

  test.each([3, 4, 5, 8])('of %i layers is what enumeration finds', (layers) => {
    const ends = [0, 1, 2].map((row) => countPaths(layers, row))
    const several = spaceSize({ layers, widths: [6, 12] }, [...pairs, [8], [32], [8, 16, 32]])
    const all = ends[0] * ends[1] * ends[2]
    expect(several.pathsOf.map(Number)).toEqual([ends[1] * ends[2], ends[0] * ends[2], ends[0] * ends[1], ends[0], ends[2], all])
    let cells = 1n
    for (let layer = 0; layer < layers; layer++) {
      for (const _ of rowsAt(layer)) cells *= layer === layers - 1 ? 5n : 1n + 4n * 2n
    }
    expect(several.cells).toBe(cells)
    expect(several.total).toBe(cells * several.paths)
  })

  test('64 layers and 12 widths are counted exactly', () => {
    const size = spaceSize({ layers: 64, widths: Array.from({ length: 12 }, (_, index) => index + 1) }, pairs)
    expect(size.cells).toBe(49n ** 186n * 125n)
    expect(size.totalLog10).toBeCloseTo(186 * Math.log10(49) + 3 * Math.log10(5) + Math.log10(63 + 1953 + 63 * 1953), 9)
  })
})

test('a large number as digits and a power of ten', () => {
  expect(powerOfTen(Math.log10(6.94e60))).toEqual({ digits: '6.9', power: 60 })
  expect(powerOfTen(Math.log10(9.96e9))).toEqual({ digits: '1.0', power: 10 })
  expect(powerOfTen(0)).toEqual({ digits: '1.0', power: 0 })
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
