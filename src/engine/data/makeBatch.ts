/** One training batch, from the step number alone: the same in a thread and in the process itself. */
import { augmentInto, drawAugmentation, type AugmentSettings } from './augment.js'
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
}

export function makeBatch(plan: BatchPlan, step: number, cache: SampleCache): BatchArrays {
  const { references, batch, seed, stream, augment } = plan
  const pixels = augment.cropHeight * augment.cropWidth
  const images = new Float32Array(batch * pixels * 3)
  const labels = new Uint8Array(batch * pixels)
  const chosen = sampleOrder(seed, stream, step, batch, references.length).map((place) => references[place])
  for (const [index, reference] of chosen.entries()) {
    const sample = cache.load(reference)
    augmentInto(images, labels, index, sample, augment, drawAugmentation(augment, sample, seed, stream, step, index))
  }
  return { images, labels, ids: chosen.map((reference) => reference.id) }
}
