import { expect } from 'vitest'
import type { tf } from '../../../src/engine/tensor/tf.js'

/** Every element within `tolerance` of the expected array's largest magnitude (1 where all are 0). */
export function expectClose(actual: tf.Tensor, expected: ArrayLike<number>, tolerance = 1e-5): void {
  const found = actual.dataSync()
  expect(found.length).toBe(expected.length)
  let largest = 0
  let worst = 0
  for (let index = 0; index < found.length; index++) {
    largest = Math.max(largest, Math.abs(expected[index]))
    const difference = Math.abs(found[index] - expected[index])
    worst = difference <= worst ? worst : difference // NaN counts as worst
  }
  expect(worst / (largest === 0 ? 1 : largest)).toBeLessThan(tolerance)
}
