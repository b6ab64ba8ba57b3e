/** Random flip, scale, crop and colour of a training sample; every draw is a function of (seed, stream, step, index). */
import { randomStream } from '../../core/random.js'
import type { DataSettings } from '../../shared/config/settings.js'
import { ignoreLabel, type Sample } from './dataset.js'
import { normalisation } from './normalisation.js'

export type AugmentSettings = Pick<DataSettings, 'cropHeight' | 'cropWidth' | 'scales' | 'flip' | 'colourJitter'>

/** What was drawn for one sample. */
export interface AugmentDraw {
  flip: boolean
  /** Height and width of the whole image after scaling. */
  scaledHeight: number
  scaledWidth: number
  /** Row and column of the scaled image at the crop's corner; negative where the image is smaller than the crop and is padded before. */
  top: number
  left: number
  brightness: number
  contrast: number
  saturation: number
}

/** Draws for the sample at `index` of the batch at `step`, before anything is decoded. */
export function drawAugmentation(
  settings: AugmentSettings,
  size: { height: number; width: number },
  seed: number,
  stream: string,
  step: number,
  index: number
): AugmentDraw {
  const draw = randomStream(seed, `${stream}/augment/${index}`, step)
  const flip = draw.uniform() < 0.5 && settings.flip
  const scale = settings.scales[draw.integer(settings.scales.length)]
  const scaledHeight = Math.max(1, Math.round(size.height * scale))
  const scaledWidth = Math.max(1, Math.round(size.width * scale))
  const factor = (): number => 1 + settings.colourJitter * (2 * draw.uniform() - 1)
  return {
    flip,
    scaledHeight,
    scaledWidth,
    top: origin(scaledHeight, settings.cropHeight, draw.uniform()),
    left: origin(scaledWidth, settings.cropWidth, draw.uniform()),
    brightness: factor(),
    contrast: factor(),
    saturation: factor()
  }
}

/** Every position at which the crop lies inside the image, or the image inside the crop, is equally likely; both ends are possible. */
function origin(size: number, crop: number, uniform: number): number {
  return size >= crop ? Math.floor(uniform * (size - crop + 1)) : -Math.floor(uniform * (crop - size + 1))
}

/**
 * Writes the crop into `images` [cropHeight, cropWidth, 3] from `position * cropHeight * cropWidth * 3` on, normalised, and its labels into
 * `labels`. Image bilinear with half-pixel centres, mask nearest; outside the image stand 0 (the mean colour) and the ignore label.
 */
export function augmentInto(
  images: Float32Array,
  labels: Uint8Array,
  position: number,
  sample: Sample,
  settings: AugmentSettings,
  draw: AugmentDraw
): void {
  const { cropHeight, cropWidth } = settings
  const first = position * cropHeight * cropWidth
  const rows = samplePositions(sample.height, draw.scaledHeight, draw.top, cropHeight, false)
  const columns = samplePositions(sample.width, draw.scaledWidth, draw.left, cropWidth, draw.flip)
  images.fill(0, first * 3, (first + cropHeight * cropWidth) * 3)
  labels.fill(ignoreLabel, first, first + cropHeight * cropWidth)
  for (let y = rows.from; y < rows.to; y++) {
    for (let x = columns.from; x < columns.to; x++) {
      const pixel = first + y * cropWidth + x
      labels[pixel] = sample.mask[rows.nearest[y] * sample.width + columns.nearest[x]]
      interpolate(images, pixel * 3, sample, rows.low[y], rows.share[y], columns.low[x], columns.share[x])
    }
  }
  jitterAndNormalise(images, first, cropWidth, rows, columns, draw)
}

interface Positions {
  /** The part of the crop that the image covers. */
  from: number
  to: number
  /** Source index of the nearest pixel; of the lower neighbour; and the share of the upper one. */
  nearest: Int32Array
  low: Int32Array
  share: Float32Array
}

function samplePositions(size: number, scaled: number, origin: number, crop: number, flip: boolean): Positions {
  const nearest = new Int32Array(crop)
  const low = new Int32Array(crop)
  const share = new Float32Array(crop)
  const from = Math.max(0, -origin)
  const to = Math.min(crop, scaled - origin)
  for (let index = from; index < to; index++) {
    const place = flip ? scaled - 1 - (index + origin) : index + origin
    const centre = ((place + 0.5) * size) / scaled
    nearest[index] = Math.min(size - 1, Math.floor(centre))
    const at = Math.min(size - 1, Math.max(0, centre - 0.5))
    low[index] = Math.min(Math.floor(at), Math.max(0, size - 2))
    share[index] = at - low[index]
  }
  return { from, to, nearest, low, share }
}

function interpolate(images: Float32Array, target: number, sample: Sample, row: number, down: number, column: number, right: number): void {
  const { image, width, height } = sample
  const upper = (row * width + column) * 3
  const step = width > 1 ? 3 : 0
  const lower = height > 1 ? upper + width * 3 : upper
  for (let channel = 0; channel < 3; channel++) {
    const above = image[upper + channel] + (image[upper + step + channel] - image[upper + channel]) * right
    const below = image[lower + channel] + (image[lower + step + channel] - image[lower + channel]) * right
    images[target + channel] = above + (below - above) * down
  }
}

/** Brightness, then contrast around the crop's mean grey, then saturation (the order and definitions of torchvision), clamped to 0..255. */
function jitterAndNormalise(
  images: Float32Array,
  first: number,
  cropWidth: number,
  rows: Positions,
  columns: Positions,
  draw: AugmentDraw
): void {
  const { mean, deviation } = normalisation
  let sum = 0
  eachPixel((at) => {
    for (let channel = 0; channel < 3; channel++) images[at + channel] = Math.min(255, images[at + channel] * draw.brightness)
    sum += grey(images, at)
  })
  const middle = sum / Math.max(1, (rows.to - rows.from) * (columns.to - columns.from))
  eachPixel((at) => {
    for (let channel = 0; channel < 3; channel++) images[at + channel] = clamp(middle + (images[at + channel] - middle) * draw.contrast)
    const level = grey(images, at)
    for (let channel = 0; channel < 3; channel++) {
      images[at + channel] = (clamp(level + (images[at + channel] - level) * draw.saturation) / 255 - mean[channel]) / deviation[channel]
    }
  })

  function eachPixel(visit: (at: number) => void): void {
    for (let y = rows.from; y < rows.to; y++) {
      for (let x = columns.from; x < columns.to; x++) visit((first + y * cropWidth + x) * 3)
    }
  }
}

/** Luma of ITU-R 601. */
function grey(images: Float32Array, at: number): number {
  return 0.299 * images[at] + 0.587 * images[at + 1] + 0.114 * images[at + 2]
}

function clamp(value: number): number {
  return Math.min(255, Math.max(0, value))
}
