/** Scores from a confusion matrix of pixels. */
import type { Scores } from '../shared/events.js'

/**
 * `confusion[truth][predicted]` counts pixels, classes x classes, ignored pixels left out. A class occurs if it is in the truth or in the
 * prediction, so a class that is only ever predicted wrongly counts as 0, and one that is nowhere is null and left out of the mean (as in
 * the published code). All scores are 0 if there is no pixel at all.
 */
export function scoresOf(confusion: ArrayLike<number>[]): Scores {
  const classIoU = confusion.map((_, index) => intersectionOverUnion(confusion, index))
  const occurring = classIoU.filter((value): value is number => value !== null)
  const pixels = confusion.reduce((total, row) => total + sum(row), 0)
  const right = confusion.reduce((total, row, index) => total + row[index], 0)
  return {
    meanIoU: occurring.length === 0 ? 0 : sum(occurring) / occurring.length,
    pixelAccuracy: pixels === 0 ? 0 : right / pixels,
    classIoU
  }
}

function intersectionOverUnion(confusion: ArrayLike<number>[], index: number): number | null {
  const truth = sum(confusion[index])
  const predicted = confusion.reduce((total, row) => total + row[index], 0)
  const both = confusion[index][index]
  const union = truth + predicted - both
  return union === 0 ? null : both / union
}

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0)
}
