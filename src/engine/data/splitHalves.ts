/** Divides the training images: some for choices and early stopping, two halves for the search's two optimizers. */
import { randomStream } from '../../core/random.js'
import { AppError } from '../../shared/errors.js'
import type { Dataset } from './dataset.js'

/** Positions in `dataset.train`, ascending. The caller writes them into the manifest. */
export interface DatasetSplit {
  /** For early stopping and choices; never for a final number. */
  selection: number[]
  /** Weights learn from half A, the architecture from half B (FasterSeg, section 3.4). */
  halfA: number[]
  halfB: number[]
  /** Both halves, for training the derived networks. */
  trainAll: number[]
}

/** A pure function of its arguments. Throws data.too-few below 3 training images. */
export function splitHalves(dataset: Pick<Dataset, 'train'>, seed: number, selectionFraction: number): DatasetSplit {
  const count = dataset.train.length
  if (count < 3)
    throw new AppError('data.too-few', `expected at least 3 training images to divide into selection and two halves, found ${count}`)
  const order = randomStream(seed, 'data/halves').permutation(count)
  const selected = Math.min(count - 2, Math.max(1, Math.round(count * selectionFraction)))
  const half = selected + Math.ceil((count - selected) / 2)
  const ascending = (list: number[]): number[] => [...list].sort((left, right) => left - right)
  return {
    selection: ascending(order.slice(0, selected)),
    halfA: ascending(order.slice(selected, half)),
    halfB: ascending(order.slice(half)),
    trainAll: ascending(order.slice(selected))
  }
}
