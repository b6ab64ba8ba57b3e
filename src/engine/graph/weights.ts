/** Weights outside of any runtime: names as in shared/networkGraph.ts, shapes as there (HWIO, NHWC). */
import { AppError } from '../../shared/errors.js'

export interface Weight {
  shape: number[]
  data: Float32Array
}

export type NamedWeights = Map<string, Weight>

/** The weight `name`, which must have `shape`; a bug of ours otherwise, for files were checked when they were read. */
export function weightOf(weights: ReadonlyMap<string, Weight>, name: string, shape: readonly number[]): Float32Array {
  const weight = weights.get(name)
  if (weight === undefined) throw new AppError('internal', `The network needs the weight ${name}, but it was not given.`)
  if (weight.shape.join() !== shape.join()) {
    throw new AppError('internal', `The weight ${name} should have the shape [${shape.join(', ')}], but has [${weight.shape.join(', ')}].`)
  }
  return weight.data
}
