/** Mutated pictures and masks: each is decoded or refused as a bad file, and nothing else ever happens. */
import jpeg from 'jpeg-js'
import { describe, expect, test } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { decodeImage } from '../../src/engine/data/images/decodeImage.js'
import { decodeMask } from '../../src/engine/data/images/decodeMask.js'
import { plainCoding } from '../../src/engine/data/images/maskCoding.js'
import { AppError } from '../../src/shared/errors.js'
import { pngFile } from '../unit/data/pngFile.js'
import { mutate } from './mutate.js'

const [width, height, mutants] = [24, 17, 400]
const values = (count: number, limit: number): number[] => Array.from({ length: count }, (_, index) => (index * 13 + (index >> 4)) % limit)

const seeds: Record<string, { bytes: Buffer; read: (bytes: Uint8Array) => { height: number; width: number } }> = {
  'RGB PNG': {
    bytes: pngFile({ width, height, colourType: 2, values: values(width * height * 3, 256) }),
    read: (bytes) => decodeImage(bytes, 'x')
  },
  'palette mask': {
    bytes: pngFile({
      width,
      height,
      colourType: 3,
      depth: 4,
      values: values(width * height, 12),
      palette: values(16, 256).map((value) => [value, value, 9])
    }),
    read: (bytes) => decodeMask(bytes, 'x', plainCoding(12))
  },
  'grey mask': {
    bytes: pngFile({ width, height, colourType: 0, values: values(width * height, 12) }),
    read: (bytes) => decodeMask(bytes, 'x', plainCoding(12))
  },
  JPEG: {
    bytes: jpeg.encode({ width, height, data: Buffer.from(values(width * height * 4, 256)) }, 80).data,
    read: (bytes) => decodeImage(bytes, 'x')
  }
}

describe('mutated files', () => {
  test.each(Object.entries(seeds))('%s', (name, { bytes, read }) => {
    expect(read(bytes)).toMatchObject({ width, height })
    const outcomes = { decoded: 0, refused: 0 }
    for (let mutant = 0; mutant < mutants; mutant++) {
      try {
        const { height: rows, width: columns } = read(mutate(bytes, randomStream(1, `fuzz/${name}`, mutant)))
        expect(rows * columns).toBeLessThanOrEqual(64 * 1024 * 1024)
        outcomes.decoded++
      } catch (error) {
        if (!(error instanceof AppError)) throw new Error(`mutant ${mutant} of ${name} threw ${String(error)}`, { cause: error })
        expect(['data.bad-image', 'data.bad-mask', 'data.too-large', 'data.unknown-value']).toContain(error.code)
        outcomes.refused++
      }
    }
    expect(outcomes.refused).toBeGreaterThan(mutants / 10)
    expect(outcomes.decoded + outcomes.refused).toBe(mutants)
  })
})
