import { call } from './native.js'
import { sumOf } from './sumOf.js'
import { tf } from './tf.js'

/**
 * Euclidean norm over all tensors together: one kernel a tensor, one sum, one number read back. Also the cheapest check for finiteness: the
 * norm is NaN or infinite as soon as one element is (or the sum of squares passes 3e38).
 */
export function globalNorm(tensors: Iterable<tf.Tensor>): number {
  const halfSquares = Array.from(tensors, (tensor) => call('L2Loss', [tensor]))
  if (halfSquares.length === 0) return 0
  const sum = sumOf(halfSquares)
  const half = sum.dataSync()[0]
  tf.dispose([sum, ...halfSquares])
  return Math.sqrt(2 * half)
}

/** Whether every element of every tensor is finite, by their global norm. */
export function allFinite(tensors: Iterable<tf.Tensor>): boolean {
  return Number.isFinite(globalNorm(tensors))
}
