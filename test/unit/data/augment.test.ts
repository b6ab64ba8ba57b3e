import { describe, expect, test } from 'vitest'
import { augmentInto, drawAugmentation, type AugmentDraw, type AugmentSettings } from '../../../src/engine/data/augment.js'
import type { Sample } from '../../../src/engine/data/dataset.js'
import { randomStream } from '../../../src/core/random.js'

const settings: AugmentSettings = { cropHeight: 32, cropWidth: 64, scales: [0.5, 1, 1.7], flip: true, colourJitter: 0.3 }

function sampleOf(height: number, width: number): Sample {
  const draw = randomStream(9, 'sample')
  return {
    height,
    width,
    image: Uint8Array.from({ length: height * width * 3 }, () => draw.integer(256)),
    mask: Uint8Array.from({ length: height * width }, () => draw.integer(5))
  }
}

/** The same, told slowly: scale the whole picture, mirror it, lay the crop over it, then change the colours. */
function slowly(sample: Sample, draw: AugmentDraw): { image: number[]; labels: number[] } {
  const { scaledHeight, scaledWidth } = draw
  const at = (y: number, x: number, channel: number): number => sample.image[(y * sample.width + x) * 3 + channel]
  const scaled = (y: number, x: number, channel: number): number => {
    const sy = Math.min(sample.height - 1, Math.max(0, ((y + 0.5) * sample.height) / scaledHeight - 0.5))
    const sx = Math.min(sample.width - 1, Math.max(0, ((x + 0.5) * sample.width) / scaledWidth - 0.5))
    const [y0, x0] = [Math.floor(sy), Math.floor(sx)]
    const [y1, x1] = [Math.min(sample.height - 1, y0 + 1), Math.min(sample.width - 1, x0 + 1)]
    const mix = (a: number, b: number, t: number): number => a * (1 - t) + b * t
    return mix(mix(at(y0, x0, channel), at(y0, x1, channel), sx - x0), mix(at(y1, x0, channel), at(y1, x1, channel), sx - x0), sy - y0)
  }
  const pixels: ({ colour: number[]; label: number } | null)[] = []
  for (let y = 0; y < settings.cropHeight; y++) {
    for (let x = 0; x < settings.cropWidth; x++) {
      const row = y + draw.top
      const column = x + draw.left
      if (row < 0 || row >= scaledHeight || column < 0 || column >= scaledWidth) {
        pixels.push(null)
        continue
      }
      const mirrored = draw.flip ? scaledWidth - 1 - column : column
      const label =
        sample.mask[
          Math.floor(((row + 0.5) * sample.height) / scaledHeight) * sample.width +
            Math.floor(((mirrored + 0.5) * sample.width) / scaledWidth)
        ]
      pixels.push({ colour: [0, 1, 2].map((channel) => Math.min(255, scaled(row, mirrored, channel) * draw.brightness)), label })
    }
  }
  const luma = (colour: number[]): number => 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]
  const clamp = (value: number): number => Math.min(255, Math.max(0, value))
  const covered = pixels.filter((pixel) => pixel !== null)
  const middle = covered.reduce((sum, pixel) => sum + luma(pixel.colour), 0) / covered.length
  const image = pixels.flatMap((pixel) => {
    if (!pixel) return [0, 0, 0]
    const contrasted = pixel.colour.map((value) => clamp(middle + (value - middle) * draw.contrast))
    const grey = luma(contrasted)
    const saturated = contrasted.map((value) => clamp(grey + (value - grey) * draw.saturation) / 255)
    return [(saturated[0] - 0.485) / 0.229, (saturated[1] - 0.456) / 0.224, (saturated[2] - 0.406) / 0.225]
  })
  return { image, labels: pixels.map((pixel) => (pixel ? pixel.label : 255)) }
}

describe('augmentation', () => {
  test.each([
    [40, 70],
    [20, 90],
    [64, 30],
    [16, 16],
    [32, 64],
    [1, 1]
  ])('equals the slow way for an image of %i x %i', (height, width) => {
    const sample = sampleOf(height, width)
    const pixels = settings.cropHeight * settings.cropWidth
    const images = new Float32Array(2 * pixels * 3).fill(7)
    const labels = new Uint8Array(2 * pixels).fill(7)
    for (let step = 0; step < 6; step++) {
      const draw = drawAugmentation(settings, sample, 3, 'train', step, 0)
      augmentInto(images, labels, 1, sample, settings, draw)
      const expected = slowly(sample, draw)
      expect(Array.from(labels.subarray(pixels))).toEqual(expected.labels)
      const worst = Math.max(...expected.image.map((value, index) => Math.abs(value - images[pixels * 3 + index])))
      expect(worst).toBeLessThan(2e-4)
    }
    expect(images.subarray(0, pixels * 3).every((value) => value === 7)).toBe(true)
  })

  test('crops reach both ends of the image and never beyond', () => {
    const origins = (size: { height: number; width: number }) =>
      Array.from({ length: 400 }, (_, step) => drawAugmentation({ ...settings, scales: [1] }, size, 1, 'train', step, 0))
    const inside = origins({ height: 34, width: 64 })
    expect(new Set(inside.map((draw) => draw.top))).toEqual(new Set([0, 1, 2]))
    expect(new Set(inside.map((draw) => draw.left))).toEqual(new Set([0]))
    expect(new Set(origins({ height: 30, width: 64 }).map((draw) => draw.top + 0))).toEqual(new Set([0, -1, -2]))
  })

  test('draws are a function of seed, stream, step and index', () => {
    const size = { height: 100, width: 200 }
    const draw = (seed: number, stream: string, step: number, index: number) =>
      JSON.stringify(drawAugmentation(settings, size, seed, stream, step, index))
    expect(draw(1, 'a', 5, 2)).toBe(draw(1, 'a', 5, 2))
    expect(new Set([draw(1, 'a', 5, 2), draw(2, 'a', 5, 2), draw(1, 'b', 5, 2), draw(1, 'a', 6, 2), draw(1, 'a', 5, 3)]).size).toBe(5)
  })

  test('switched off, nothing but the crop is left', () => {
    const plain = { ...settings, scales: [1], flip: false, colourJitter: 0 }
    const draws = Array.from({ length: 50 }, (_, step) => drawAugmentation(plain, { height: 32, width: 64 }, 1, 'x', step, 0))
    for (const draw of draws)
      expect({ ...draw, top: 0, left: 0 }).toEqual({
        flip: false,
        scaledHeight: 32,
        scaledWidth: 64,
        top: 0,
        left: 0,
        brightness: 1,
        contrast: 1,
        saturation: 1
      })
  })
})
