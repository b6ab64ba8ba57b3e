/** Pixels of each class that the truth has, that the prediction has, and that both have: what an IoU over a subset of pixels needs. */
export interface ClassCounts {
  truth: number[]
  predicted: number[]
  both: number[]
}

export function emptyClassCounts(classes: number): ClassCounts {
  const zeros = (): number[] => new Array<number>(classes).fill(0)
  return { truth: zeros(), predicted: zeros(), both: zeros() }
}

/** IoU of every class (null where the truth has no such pixel) and the mean over the classes that occur (null if none does). */
export function ratios(counts: ClassCounts): { classIoU: (number | null)[]; mean: number | null } {
  const classIoU = counts.truth.map((truth, index) => {
    if (truth === 0) return null
    return counts.both[index] / (truth + counts.predicted[index] - counts.both[index])
  })
  const occurring = classIoU.filter((value) => value !== null)
  const mean = occurring.length === 0 ? null : occurring.reduce((sum, value) => sum + value, 0) / occurring.length
  return { classIoU, mean }
}
