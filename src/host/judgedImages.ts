/** What it takes to judge a network on images: a forward run each, and the scores on every pixel. */
import { forwardEffort, otherEffort, sumOfEfforts, times, type Effort } from './effort.js'
import type { LayerWork } from './layerWork.js'
import type { ImageSize } from './supernetWork.js'

/** Logits to a mask, mask to a confusion matrix; for each prediction. */
const scoreSecondsPerPixel = 1.5e-7
/** Boundaries and small objects on top. */
const detailSecondsPerPixel = 5e-7

/** `work` is that of a forward run at this size; `predictions` masks come out of it. */
export function judgedImages(count: number, work: LayerWork, size: ImageSize, predictions = 1): Effort {
  const pixels = size.height * size.width
  return times(count, sumOfEfforts([forwardEffort(work, 1), otherEffort(pixels * predictions * scoreSecondsPerPixel)]))
}

/** The final evaluation: boundaries and small objects too. */
export function judgedInDetail(count: number, work: LayerWork, size: ImageSize): Effort {
  return sumOfEfforts([judgedImages(count, work, size), otherEffort(count * size.height * size.width * detailSecondsPerPixel)])
}
