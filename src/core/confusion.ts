/** Counting predicted against true classes. Scores are made from the matrix (metrics.ts). */
import type { LabelMap } from './boundary.js'

const ignored = 255

/** confusion[truth][predicted] is a number of pixels; ignored pixels are counted nowhere. */
export type ConfusionMatrix = number[][]

export function emptyConfusion(classes: number): ConfusionMatrix {
  return Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
}

/** Counts one label map against another of the same size. */
export function confusionOf(truth: LabelMap, predicted: LabelMap, classes: number): ConfusionMatrix {
  const counts = new Int32Array(classes * classes)
  for (let index = 0; index < truth.length; index++) {
    if (truth[index] !== ignored) counts[truth[index] * classes + predicted[index]]++
  }
  return Array.from({ length: classes }, (_, row) => Array.from(counts.subarray(row * classes, (row + 1) * classes)))
}

/** Adds `more` to `confusion`, in place. */
export function addConfusion(confusion: ConfusionMatrix, more: ConfusionMatrix): void {
  more.forEach((row, truth) => row.forEach((count, predicted) => { confusion[truth][predicted] += count }))
}
