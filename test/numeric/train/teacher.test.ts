/** A teacher that looked at whole images, against the same teacher on the same pixels, and against bilinear interpolation by hand. */
import { afterAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/core/random.js'
import { drawAugmentation } from '../../../src/engine/data/augment.js'
import type { Sample } from '../../../src/engine/data/dataset.js'
import type { Batch } from '../../../src/engine/data/loader.js'
import type { CropPlace } from '../../../src/engine/data/makeBatch.js'
import { networkInput } from '../../../src/engine/data/networkInput.js'
import { imageTeacher } from '../../../src/engine/train/teacher.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { tinyTeacher } from '../search/tinyTraining.js'
import { expectClose } from '../tensor/expectClose.js'

const network = tinyTeacher()
const side = { height: 64, width: 96 }

function sampleOf(height: number, width: number): Sample {
  const draws = randomStream(7, `image ${height}x${width}`)
  return { height, width, image: Uint8Array.from({ length: height * width * 3 }, () => draws.integer(256)), mask: new Uint8Array(height * width) }
}

function batchOf(crops: CropPlace[], size = side): Batch {
  return { images: new Float32Array(0), labels: new Uint8Array(0), ids: [], crops, count: crops.length, ...size, waitedMs: 0 }
}

function crop(sample: Sample, draw: Partial<CropPlace['draw']> = {}): CropPlace {
  const { height, width } = sample
  return { place: 0, height, width, draw: { flip: false, scaledHeight: height, scaledWidth: width, top: 0, left: 0, ...draw } }
}

afterAll(() => {
  network.dispose()
})

describe('the teacher of whole images', () => {
  const sample = sampleOf(side.height, side.width)
  const teacher = imageTeacher(network, () => Promise.resolve(sample))

  it.each([1, 2, 4, 8])('on a crop that is the whole image says what the network says there, stride %i', async (stride) => {
    const found = await teacher.logits(batchOf([crop(sample)]), stride)
    const [expected] = tf.tidy(() => network.trainingLogits(networkInput(sample), 'fixed', stride))
    expect(found.shape).toEqual(expected.shape)
    expectClose(found, [...expected.dataSync()], 1e-4)
    tf.dispose([found, expected])
  })

  it('mirrors where the crop is mirrored', async () => {
    const plain = await teacher.logits(batchOf([crop(sample)]), 2)
    const mirrored = await teacher.logits(batchOf([crop(sample, { flip: true })]), 2)
    const expected = tf.reverse(plain, 2)
    expectClose(mirrored, [...expected.dataSync()], 1e-4)
    tf.dispose([plain, mirrored, expected])
  })

  it('cuts as the augmentation cuts: every drawn crop, at every coarse pixel inside the image', async () => {
    const odd = sampleOf(50, 70)
    const looked = imageTeacher(network, () => Promise.resolve(odd))
    const map = tf.tidy(() => network.trainingLogits(networkInput(odd), 'fixed', 8)[0])
    const [, rows, columns, classes] = map.shape
    const values = map.dataSync()
    const size = { height: 64, width: 64 }
    const settings = { cropHeight: 64, cropWidth: 64, scales: [0.75, 1, 1.5], flip: true, colourJitter: 0 }
    for (let step = 0; step < 12; step++) {
      const draw = drawAugmentation(settings, odd, 3, 'test', step, 0)
      const found = await looked.logits(batchOf([{ place: 0, height: 50, width: 70, draw }], size), 4)
      const cut = found.dataSync()
      for (let y = 0; y < 16; y++) {
        for (let x = 0; x < 16; x++) {
          const row = position(y * (63 / 15) + draw.top, draw.scaledHeight, 50, false)
          const column = position(x * (63 / 15) + draw.left, draw.scaledWidth, 70, draw.flip)
          // Outside the image the label is ignored, and so is the teacher.
          if (row < 0 || column < 0 || row > 49 || column > 69) continue
          for (let c = 0; c < classes; c++) {
            const expected = interpolated(values, (row * (rows - 1)) / 63, (column * (columns - 1)) / 95, columns, classes, c)
            expect(Math.abs(cut[(y * 16 + x) * classes + c] - expected)).toBeLessThan(2e-3)
          }
        }
      }
      found.dispose()
    }
    map.dispose()
  })

  it('looks at an image once, and leaves no tensor behind', async () => {
    let looks = 0
    const before = tf.memory().numTensors
    const own = tinyTeacher()
    const counting = imageTeacher(own, () => {
      looks++
      return Promise.resolve(sample)
    })
    for (let step = 0; step < 3; step++) (await counting.logits(batchOf([crop(sample), crop(sample, { flip: true })]), 2)).dispose()
    expect(looks).toBe(1)
    counting.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

/** Position in the source image of a place in the scaled one, by half-pixel centres (augment.ts). */
function position(place: number, scaled: number, size: number, flip: boolean): number {
  const at = flip ? scaled - 1 - place : place
  return ((at + 0.5) * size) / scaled - 0.5
}

function interpolated(values: ArrayLike<number>, y: number, x: number, columns: number, classes: number, c: number): number {
  const rows = values.length / columns / classes
  const [top, left] = [Math.min(Math.floor(y), rows - 2), Math.min(Math.floor(x), columns - 2)]
  const at = (row: number, column: number): number => values[(row * columns + column) * classes + c]
  const [down, right] = [y - top, x - left]
  const above = at(top, left) * (1 - right) + at(top, left + 1) * right
  const below = at(top + 1, left) * (1 - right) + at(top + 1, left + 1) * right
  return above * (1 - down) + below * down
}
