import type { Batch } from '../data/loader.js'
import type { BatchPart } from './trainLoss.js'

/** Cuts a batch into `count` parts of equal size, or one image more in the first ones; fewer parts where there are fewer images. */
export function batchPartsOf({ images, labels, count: all, height, width }: Pick<Batch, 'images' | 'labels' | 'count' | 'height' | 'width'>, count: number): BatchPart[] {
  const parts = Math.min(count, all)
  const bounds = Array.from({ length: parts + 1 }, (_, index) => Math.ceil((index * all) / parts))
  return bounds.slice(1).map((end, index): BatchPart => {
    const start = bounds[index]
    const pixels = height * width
    return {
      images: images.slice(3 * start * pixels, 3 * end * pixels),
      labels: labels.slice(start * pixels, end * pixels),
      count: end - start,
      height,
      width,
      share: (end - start) / all
    }
  })
}
