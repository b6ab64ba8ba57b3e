import { expect } from 'vitest'
import type { tf } from '../../../src/engine/tensor/tf.js'

/** Every element within `tolerance` of the expected array's largest magnitude (of 1 where all are 0). */
export function expectClose(actual: tf.Tensor, expected: ArrayLike<number>, tolerance = 1e-5): void {
  const found = actual.dataSync()
  expect(found.length).toBe(expected.length)
  const wanted = Array.from(expected)
  const unit = wanted.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1
  const errors = wanted.map((value, index) => Math.abs(found[index] - value) / unit)
  // Math.max gives NaN as soon as one error is NaN, and NaN is not below anything.
  expect(errors.reduce((worst, error) => Math.max(worst, error), 0)).toBeLessThan(tolerance)
}
