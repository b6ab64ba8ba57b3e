/** Re-opens an export in a second runtime and compares it with the network on real images. */
import { AppError } from '../../shared/errors.js'
import type { MapShape } from '../../shared/networkGraph.js'
import { compareLogits } from './compareLogits.js'
import type { LogitsComparison, LogitsLayout } from './compareLogits.js'

/** An image as the network takes it: normalised RGB, [1, height, width, 3], row-major. */
export interface SampleImage {
  name: string
  image: Float32Array
}

/** The logits of a sample image by the network itself, [1, height, width, classes]. */
export type ReferenceLogits = (image: Float32Array) => Float32Array | Promise<Float32Array>

/** An exported model, re-opened. */
export interface ReopenedModel {
  /** `onnx` or `tfjs-graph-model`. */
  format: string
  /** What re-opened it, such as `onnxruntime 1.30.0`. */
  runtime: string
  /** The layout of what `run` returns. */
  layout: LogitsLayout
  /** Takes the image as [1, height, width, 3]. */
  run(image: Float32Array): Promise<Float32Array> | Float32Array
}

export interface ParityReport {
  tolerance: { largestRelativeDifference: number; argmaxAgreement: number }
  models: (LogitsComparison & { format: string; runtime: string; images: (LogitsComparison & { name: string })[] })[]
}

/**
 * float32 sums in another order differ by some 1e-6 of the largest logit after 40 layers; a wrong layout, padding or resize differs by
 * more than 1e-2. Where two classes are equal to the last digits, as on every border, the argmax may go either way.
 */
export const tolerance = { largestRelativeDifference: 1e-3, argmaxAgreement: 0.999 }

/** Compares every model on every image. Throws export.mismatch, naming the model and the image, beyond the tolerance. */
export async function checkParity(
  models: ReopenedModel[],
  images: SampleImage[],
  reference: ReferenceLogits,
  shape: MapShape
): Promise<ParityReport> {
  if (images.length === 0) throw new AppError('internal', 'An export should be compared on at least one image, but none was given.')
  const compared = models.map((model) => ({ model, images: [] as (LogitsComparison & { name: string })[] }))
  for (const { name, image } of images) {
    const expected = await reference(image)
    for (const entry of compared) {
      const comparison = compareLogits(expected, await entry.model.run(image), shape, entry.model.layout)
      refuseMismatch(entry.model, name, comparison)
      entry.images.push({ name, ...comparison })
    }
  }
  return { tolerance, models: compared.map(({ model, images }) => ({ format: model.format, runtime: model.runtime, ...worst(images), images })) }
}

function refuseMismatch(model: ReopenedModel, image: string, found: LogitsComparison): void {
  const isClose = found.largestRelativeDifference <= tolerance.largestRelativeDifference
  if (isClose && found.argmaxAgreement >= tolerance.argmaxAgreement) return
  throw new AppError(
    'export.mismatch',
    `The ${model.format} file, re-opened in ${model.runtime}, differs from the network on ${image}: largest relative difference ` +
      `${found.largestRelativeDifference.toExponential(1)} (allowed ${tolerance.largestRelativeDifference}), same class at ` +
      `${(found.argmaxAgreement * 100).toFixed(2)} % of the pixels (needed ${tolerance.argmaxAgreement * 100} %).`
  )
}

function worst(comparisons: LogitsComparison[]): LogitsComparison {
  return {
    largestDifference: Math.max(...comparisons.map((one) => one.largestDifference)),
    largestRelativeDifference: Math.max(...comparisons.map((one) => one.largestRelativeDifference)),
    argmaxAgreement: Math.min(...comparisons.map((one) => one.argmaxAgreement))
  }
}
