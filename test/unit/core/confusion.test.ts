import { describe, expect, it } from 'vitest'
import { addConfusion, confusionOf, emptyConfusion } from '../../../src/core/confusion.js'
import { randomStream } from '../../../src/core/random.js'

describe('confusion matrix', () => {
  it('counts pairs of truth (row) and prediction (column) and leaves out ignored pixels', () => {
    expect(confusionOf(Uint8Array.of(0, 0, 1, 255, 2), Uint8Array.of(0, 1, 1, 2, 0), 3)).toEqual([[1, 1, 0], [0, 1, 0], [1, 0, 0]])
  })

  it('is the same in one piece and in several', () => {
    const random = randomStream(1, 'test/confusion')
    const truth = Uint8Array.from({ length: 1000 }, () => (random.uniform() < 0.1 ? 255 : random.integer(6)))
    const predicted = Uint8Array.from({ length: 1000 }, () => random.integer(6))
    const sum = emptyConfusion(6)
    for (let start = 0; start < 1000; start += 250) {
      addConfusion(sum, confusionOf(truth.subarray(start, start + 250), predicted.subarray(start, start + 250), 6))
    }
    const whole = confusionOf(truth, predicted, 6)
    expect(sum).toEqual(whole)
    for (let a = 0; a < 6; a++) {
      for (let b = 0; b < 6; b++) expect(whole[a][b]).toBe(truth.filter((label, index) => label === a && predicted[index] === b).length)
    }
  })
})
