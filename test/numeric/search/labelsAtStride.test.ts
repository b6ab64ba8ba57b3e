/** Labels at a coarser resolution, against the nearest pixel by search. */
import { expect, it } from 'vitest'
import { labelsAtStride } from '../../../src/engine/loss/labelsAtStride.js'

/** The places p of 0..size-1 that are nearest to where an enlargement with aligned corners puts coarse place i; several on a tie. */
function nearest(i: number, size: number, small: number): number[] {
  const wanted = small === 1 ? (size - 1) / 2 : (i / (small - 1)) * (size - 1)
  const distances = Array.from({ length: size }, (_, place) => Math.abs(place - wanted))
  const least = Math.min(...distances)
  return distances.flatMap((distance, place) => (distance < least + 1e-9 ? [place] : []))
}

it.each([[8, 64, 96], [8, 224, 32], [4, 32, 64], [2, 8, 2], [8, 8, 8]])('stride %i of %ix%i takes the nearest pixel', (stride, height, width) => {
  const count = 2
  const labels = Int32Array.from({ length: count * height * width }, (_, index) => index)
  const found = labelsAtStride(labels, count, height, width, stride)
  const [rows, columns] = [height / stride, width / stride]
  expect(found.length).toBe(count * rows * columns)
  found.forEach((label, index) => {
    expect(Math.floor(label / (height * width))).toBe(Math.floor(index / (rows * columns)))
    const pixel = label % (height * width)
    expect(nearest(Math.floor(index / columns) % rows, height, rows)).toContain(Math.floor(pixel / width))
    expect(nearest(index % columns, width, columns)).toContain(pixel % width)
  })
})

it('copies at stride 1', () => {
  const labels = Uint8Array.from([1, 255, 0, 3])
  expect([...labelsAtStride(labels, 1, 2, 2, 1)]).toEqual([1, 255, 0, 3])
})
