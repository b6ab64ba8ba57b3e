/** What the network gets, as a picture for people: images above, their labels in class colours below. */
import { encode } from 'fast-png'
import { ignoreLabel, type DatasetClass } from './dataset.js'
import type { Batch } from './loader.js'
import { normalisation } from './normalisation.js'

/** PNG bytes of a picture of N * W by 2 * H pixels; ignored pixels are black. */
export function batchPicture(
  batch: Pick<Batch, 'images' | 'labels' | 'count' | 'height' | 'width'>,
  classes: readonly DatasetClass[]
): Uint8Array {
  const { images, labels, count, height, width } = batch
  const rowPixels = count * width
  const data = new Uint8Array(2 * height * rowPixels * 3)
  for (let index = 0; index < count; index++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = (index * height + y) * width + x
        const to = (y * rowPixels + index * width + x) * 3
        const colour = labels[from] === ignoreLabel ? [0, 0, 0] : classes[labels[from]].colour
        for (let channel = 0; channel < 3; channel++) {
          const value = (images[from * 3 + channel] * normalisation.deviation[channel] + normalisation.mean[channel]) * 255
          data[to + channel] = Math.round(Math.max(0, Math.min(255, value)))
          data[to + height * rowPixels * 3 + channel] = colour[channel]
        }
      }
    }
  }
  return encode({ width: rowPixels, height: 2 * height, data, channels: 3, depth: 8 })
}
