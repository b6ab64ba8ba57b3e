import { describe, expect, it } from 'vitest'
import { emptyClassCounts, ratios } from '../../../src/core/classCounts.js'
import { connectedComponents, countSmallObjects, smallAreaShare, smallObjectIoU } from '../../../src/core/components.js'
import { randomStream } from '../../../src/core/random.js'

/** Components by flooding from every pixel in reading order. */
function componentsByFlooding(labels: Uint8Array, height: number, width: number): Int32Array {
  const ids = new Int32Array(labels.length).fill(-1)
  let count = 0
  for (let start = 0; start < labels.length; start++) {
    if (labels[start] === 255 || ids[start] !== -1) continue
    const open = [start]
    ids[start] = count
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      const y = Math.floor(index / width)
      const x = index % width
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
          const other = row * width + column
          if (labels[other] === labels[start] && ids[other] === -1) {
            ids[other] = count
            open.push(other)
          }
        }
      }
    }
    count++
  }
  return ids
}

/** Draws rectangles [class, top, left, height, width] on ground of class 0. */
function drawing(height: number, width: number, rectangles: [number, number, number, number, number][]): Uint8Array {
  const map = new Uint8Array(height * width)
  for (const [label, top, left, rows, columns] of rectangles) {
    for (let y = top; y < top + rows; y++) for (let x = left; x < left + columns; x++) map[y * width + x] = label
  }
  return map
}

describe('connected components', () => {
  it('are those that flooding finds', () => {
    for (let step = 0; step < 20; step++) {
      const random = randomStream(3, 'test/components', step)
      const height = 1 + random.integer(24)
      const width = 1 + random.integer(24)
      const map = Uint8Array.from({ length: height * width }, () => (random.uniform() < 0.1 ? 255 : random.integer(2 + (step % 3))))
      const found = connectedComponents(map, height, width)
      expect(found.ids).toEqual(componentsByFlooding(map, height, width))
      found.areas.forEach((area, id) => {
        expect(area).toBe(found.ids.filter((other) => other === id).length)
        expect(found.labels[id]).toBe(map[found.ids.indexOf(id)])
      })
    }
  })

  it('joins arms that meet late', () => {
    const map = Uint8Array.from([1, 0, 1, 1, 0, 1, 1, 1, 1])
    expect(connectedComponents(map, 3, 3).areas).toEqual([7, 2])
  })
})

describe('small-object IoU', () => {
  const side = 60
  // Below 60 * 60 / 300 = 12 pixels an object is small.
  const pole: [number, number, number, number, number] = [1, 10, 10, 5, 2]
  const wall: [number, number, number, number, number] = [1, 30, 30, 10, 10]

  function score(truth: Uint8Array, predicted: Uint8Array): { classIoU: (number | null)[]; mean: number | null } {
    const counts = emptyClassCounts(2)
    countSmallObjects(counts, truth, predicted, side, side)
    expect(smallObjectIoU(counts)).toBe(ratios(counts).mean)
    return ratios(counts)
  }

  it('is 1 for the truth itself and speaks only of classes with small objects', () => {
    const truth = drawing(side, side, [pole, wall])
    expect(side * side * smallAreaShare).toBeCloseTo(12, 12)
    expect(score(truth, truth)).toEqual({ classIoU: [null, 1], mean: 1 })
  })

  it('falls for the missed half of a pole', () => {
    expect(score(drawing(side, side, [pole, wall]), drawing(side, side, [[1, 10, 10, 5, 1], wall])).mean).toBe(0.5)
  })

  it('falls for a pole drawn too fat, also where the drawn one is large', () => {
    expect(score(drawing(side, side, [pole, wall]), drawing(side, side, [[1, 10, 10, 5, 8], wall])).mean).toBeCloseTo(10 / 40, 12)
  })

  it('falls for a pole seen where none is', () => {
    expect(score(drawing(side, side, [pole, wall]), drawing(side, side, [pole, wall, [1, 50, 10, 3, 2]])).mean).toBeCloseTo(10 / 16, 12)
  })

  it('does not charge the spill of a large object, nor a large object that is not there', () => {
    expect(score(drawing(side, side, [pole, wall]), drawing(side, side, [pole, [1, 30, 30, 12, 12]])).mean).toBe(1)
    expect(score(drawing(side, side, [pole]), drawing(side, side, [pole, wall])).mean).toBe(1)
  })

  it('leaves out what the truth ignores', () => {
    const truth = drawing(side, side, [pole, wall, [255, 50, 10, 3, 2]])
    expect(score(truth, drawing(side, side, [pole, wall, [1, 50, 10, 3, 2]])).mean).toBe(1)
  })

  it('is null where the truth has no small object', () => {
    expect(score(drawing(side, side, [wall]), drawing(side, side, [pole, wall])).mean).toBeNull()
  })
})
