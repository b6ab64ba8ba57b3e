/**
 * Judges a network at full size, on the original pixels: one confusion matrix over all images, from which every score is computed, and
 * beside it the counts for boundaries and small objects.
 */
import { boundaryDistance, boundaryIoU, countBoundary } from '../../core/boundary.js'
import { emptyClassCounts } from '../../core/classCounts.js'
import { countSmallObjects, smallObjectIoU } from '../../core/components.js'
import { addConfusion, confusionOf, emptyConfusion } from '../../core/confusion.js'
import type { ConfusionMatrix } from '../../core/confusion.js'
import { scoresOf } from '../../core/metrics.js'
import type { Scores } from '../../shared/events.js'
import type { Sample } from '../data/dataset.js'
import { tf } from '../tensor/tf.js'
import { predictedMask } from '../tensor/predictedMask.js'

export interface EvaluationSample extends Sample {
  /** As in the dataset, e.g. `val/0016E5_07959`. */
  id: string
}

export interface EvaluationOptions {
  classes: number
  samples: Iterable<EvaluationSample> | AsyncIterable<EvaluationSample>
  /** The network's input of one sample: [1, H', W', 3], normalised, padded below and on the right where H' or W' is larger than the image. */
  toInput(sample: EvaluationSample): tf.Tensor4D
  /** The network: images [1, H', W', 3] to logits [1, H', W', classes]. Runs inside a tidy. */
  forward(images: tf.Tensor4D): tf.Tensor4D
  /** Boundary and small-object IoU too; they cost about as much as a small network. */
  detailed?: boolean
  /** Called after every image, awaited: the place for progress, and to let the process breathe. */
  afterImage?(done: number): void | Promise<void>
}

export interface ImageScore {
  id: string
  meanIoU: number
  pixelAccuracy: number
}

export interface Evaluation {
  confusion: ConfusionMatrix
  scores: Scores
  /** Every image, worst mean IoU first. */
  images: ImageScore[]
}

export async function evaluateNetwork(options: EvaluationOptions): Promise<Evaluation> {
  const { classes } = options
  const confusion = emptyConfusion(classes)
  const boundary = emptyClassCounts(classes)
  const small = emptyClassCounts(classes)
  const images: ImageScore[] = []
  for await (const sample of options.samples) {
    const { height, width, mask } = sample
    const predicted = predict(options, sample)
    const own = confusionOf(mask, predicted, classes)
    addConfusion(confusion, own)
    if (options.detailed) {
      countBoundary(boundary, mask, predicted, height, width, boundaryDistance(height, width))
      countSmallObjects(small, mask, predicted, height, width)
    }
    const { meanIoU, pixelAccuracy } = scoresOf(own)
    images.push({ id: sample.id, meanIoU, pixelAccuracy })
    await options.afterImage?.(images.length)
  }
  images.sort((a, b) => a.meanIoU - b.meanIoU)
  const scores = scoresOf(confusion)
  if (options.detailed) {
    // Left out, not 0, where the truth has no boundary or no small object.
    const onBoundary = boundaryIoU(boundary)
    const onSmall = smallObjectIoU(small)
    if (onBoundary !== null) scores.boundaryIoU = onBoundary
    if (onSmall !== null) scores.smallObjectIoU = onSmall
  }
  return { confusion, scores, images }
}

/** The mask that the network gives for one sample, [height * width]. */
export function predict(options: Pick<EvaluationOptions, 'toInput' | 'forward'>, sample: EvaluationSample): Uint8Array {
  const logits = tf.tidy(() => options.forward(options.toInput(sample)))
  const mask = predictedMask(logits, sample.height, sample.width)
  logits.dispose()
  return mask
}
