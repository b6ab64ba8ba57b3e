/** One training batch, from the step number alone: the same in a thread and in the process itself. */
import { augmentInto, drawAugmentation, type AugmentDraw, type AugmentSettings } from './augment.js'
import type { SampleReference } from './dataset.js'
import type { SampleCache } from './sampleCache.js'
import { sampleOrder } from './sampleOrder.js'

/** Everything that decides what a batch holds, besides the dataset. */
export interface BatchPlan {
  references: SampleReference[]
  batch: number
  seed: number
  /** Names the random stream, so that two loaders of one run never share draws. */
  stream: string
  augment: AugmentSettings
}

export interface BatchArrays {
  /** [N, H, W, 3], normalised. */
  images: Float32Array
  /** [N, H, W], class ids or 255. */
  labels: Uint8Array
  ids: string[]
  /** Where each crop was cut from. */
  crops: CropPlace[]
}

/** A crop's place in an image of the plan's references. */
export interface CropPlace {
  /** Of the image among the plan's references. */
  place: number
  /** Size of the image, before it was scaled. */
  height: number
  width: number
  draw: Pick<AugmentDraw, 'flip' | 'scaledHeight' | 'scaledWidth' | 'top' | 'left'>
}

export function makeBatch(plan: BatchPlan, step: number, cache: SampleCache): BatchArrays {
  const { references, batch, seed, stream, augment } = plan
  const pixels = augment.cropHeight * augment.cropWidth
  const images = new Float32Array(batch * pixels * 3)
  const labels = new Uint8Array(batch * pixels)
  const places = sampleOrder(seed, stream, step, batch, references.length)
  const crops = places.map((place, index): CropPlace => {
    const sample = cache.load(references[place])
    const draw = drawAugmentation(augment, sample, seed, stream, step, index)
    augmentInto(images, labels, index, sample, augment, draw)
    const { flip, scaledHeight, scaledWidth, top, left } = draw
    return { place, height: sample.height, width: sample.width, draw: { flip, scaledHeight, scaledWidth, top, left } }
  })
  return { images, labels, ids: places.map((place) => references[place].id), crops }
}
