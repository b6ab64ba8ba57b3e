import jpeg from 'jpeg-js'
import { encode } from 'fast-png'
import { describe, expect, test } from 'vitest'
import { randomStream } from '../../../src/core/random.js'
import { decodeImage } from '../../../src/engine/data/images/decodeImage.js'
import { decodeMask } from '../../../src/engine/data/images/decodeMask.js'
import { readImageHeader } from '../../../src/engine/data/images/imageHeader.js'
import { plainCoding } from '../../../src/engine/data/images/maskCoding.js'
import { tableChecksum } from '../../../src/engine/data/images/readPng.js'
import { resizeImage, resizeMask } from '../../../src/engine/data/images/resize.js'
import { pngFile, type PngParts } from './pngFile.js'

const width = 5
const height = 3
const ramp = (count: number, limit: number) => Array.from({ length: count }, (_, index) => (index * 37 + 11) % limit)

describe('pictures', () => {
  test.each([1, 2, 4, 8, 16])('grey of %i bits spreads over RGB', (depth) => {
    const values = ramp(width * height, 2 ** depth).map((value, index) => (index === 0 ? 2 ** depth - 1 : value))
    const { image } = decodeImage(pngFile({ width, height, colourType: 0, depth, values }), 'x.png')
    const bytes = values.map((value) => (depth === 16 ? value >> 8 : Math.floor((value * 255) / (2 ** depth - 1))))
    expect(Array.from(image)).toEqual(bytes.flatMap((value) => [value, value, value]))
  })

  test.each([
    [2, 3],
    [6, 4],
    [4, 2]
  ])('colour type %i: transparency is left out', (colourType, channels) => {
    const values = ramp(width * height * channels, 256)
    const { image } = decodeImage(pngFile({ width, height, colourType, values }), 'x.png')
    const expected = Array.from({ length: width * height }, (_, pixel) =>
      (channels > 2 ? [0, 1, 2] : [0, 0, 0]).map((channel) => values[pixel * channels + channel])
    )
    expect(Array.from(image)).toEqual(expected.flat())
  })

  test.each([
    [2, 8, 3],
    [6, 8, 4],
    [2, 16, 3],
    [0, 8, 1],
    [0, 2, 1]
  ])('all five row filters: colour type %i, %i bits', (colourType, depth, channels) => {
    const draw = randomStream(2, `filters/${colourType}/${depth}`)
    const parts = { width: 9, height: 10, colourType, depth, values: Array.from({ length: 90 * channels }, () => draw.integer(2 ** depth)) }
    const filtered = pngFile({ ...parts, filters: [4, 3, 2, 1, 0, 4, 4, 3, 1, 2] })
    expect(filtered.equals(pngFile(parts))).toBe(false)
    expect(decodeImage(filtered, 'x.png')).toEqual(decodeImage(pngFile(parts), 'x.png'))
  })

  test('interlaced files', () => {
    const data = Uint8Array.from(ramp(13 * 11 * 3, 256))
    expect(decodeImage(encode({ width: 13, height: 11, data, channels: 3 }, { interlace: 'Adam7' }), 'x.png').image).toEqual(data)
  })

  test('the checksum of older Nodes is CRC-32', () => {
    // The check value of the CRC catalogue.
    expect(tableChecksum(Buffer.from('123456789'))).toBe(0xcbf43926)
  })

  test.each([1, 2, 4, 8])('a palette of %i bits', (depth) => {
    const palette = Array.from({ length: 2 ** depth }, (_, index): [number, number, number] => [index, 255 - index, (index * 3) % 256])
    const values = ramp(width * height, 2 ** depth)
    const { image } = decodeImage(pngFile({ width, height, colourType: 3, depth, values, palette }), 'x.png')
    expect(Array.from(image)).toEqual(values.flatMap((value) => palette[value]))
  })

  test("a JPEG comes out as its encoder's own reading of it", () => {
    const data = Buffer.from(Array.from({ length: 16 * 16 * 4 }, (_, index) => (index % 4 === 3 ? 255 : (index >> 5) % 256)))
    const bytes = jpeg.encode({ width: 16, height: 16, data }, 95).data
    expect(readImageHeader(bytes, 'x.jpg')).toEqual({ format: 'jpeg', width: 16, height: 16, depth: 8, colour: 'rgb' })
    const { image } = decodeImage(bytes, 'x.jpg')
    const worst = Math.max(...Array.from(image, (value, index) => Math.abs(value - data[Math.floor(index / 3) * 4 + (index % 3)])))
    expect(worst).toBeLessThan(24)
  })
})

describe('masks', () => {
  test.each<Pick<PngParts, 'colourType' | 'depth'>>([
    { colourType: 0, depth: 1 },
    { colourType: 0, depth: 4 },
    { colourType: 0, depth: 8 },
    { colourType: 3, depth: 2 },
    { colourType: 3, depth: 8 }
  ])('values are class ids: $colourType, $depth bits', ({ colourType, depth = 8 }) => {
    const values = ramp(width * height, Math.min(4, 2 ** depth))
    const palette =
      colourType === 3
        ? ([
            [9, 9, 9],
            [8, 8, 8],
            [7, 7, 7],
            [6, 6, 6]
          ] as [number, number, number][])
        : undefined
    const file = pngFile({ width, height, colourType, depth, values, ...(palette ? { palette } : {}) })
    expect(Array.from(decodeMask(file, 'x.png', plainCoding(4)).mask)).toEqual(values)
  })
})

describe('scaling', () => {
  test('a constant stays, a ramp is interpolated at half-pixel centres', () => {
    expect(new Set(resizeImage(new Uint8Array(7 * 5 * 3).fill(90), 7, 5, 3, 11))).toEqual(new Set([90]))
    const row = Uint8Array.from([0, 100, 200], (value) => value)
    const image = Uint8Array.from(Array.from(row).flatMap((value) => [value, value, value]))
    const doubled = resizeImage(image, 1, 3, 1, 6)
    expect(Array.from({ length: 6 }, (_, x) => doubled[x * 3])).toEqual([0, 25, 75, 125, 175, 200])
  })

  test('halving weighs four neighbours of a row by the triangle', () => {
    const image = Uint8Array.from([0, 0, 80, 160, 0, 0, 0, 0].flatMap((value) => [value, value, value]))
    const halved = resizeImage(image, 1, 8, 1, 4)
    // New pixel 1 lies at 2.5: weights 1/8, 3/8, 3/8, 1/8 on pixels 1..4.
    expect(halved[3]).toBe(Math.round((0 + 3 * 80 + 3 * 160 + 0) / 8))
  })

  test('masks take the nearest value and invent none', () => {
    const mask = Uint8Array.from([1, 2, 3, 4])
    expect(Array.from(resizeMask(mask, 2, 2, 4, 4))).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
    expect(Array.from(resizeMask(mask, 1, 4, 1, 2))).toEqual([2, 4])
  })
})
