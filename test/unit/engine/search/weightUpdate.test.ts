/** The update of the weights, split among threads, against a loop over all of them. */
import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../../src/core/random.js'
import type { SharedTraining } from '../../../../src/engine/search/sharedTraining.js'
import { addGradients, moveWeights, placeShare } from '../../../../src/engine/search/weightUpdate.js'

const sizes = [7, 1, 33, 16, 5, 2]
const move = { factor: 0.5, learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 }

/** Thread t has no gradient of weight i where (t + i) % 3 is 0; the last weight has none at all. */
function training(threads: number): SharedTraining {
  let offset = 0
  const places = sizes.map((size, index) => {
    const place = { name: `w${index}`, shape: [size], offset, size }
    offset += 16 * Math.ceil(size / 16)
    return place
  })
  const draws = randomStream(1, 'update')
  const numbers = (): Float32Array => Float32Array.from({ length: offset }, () => draws.normal())
  return {
    places, weights: numbers(), velocities: numbers(), moved: new Uint8Array(sizes.length),
    gradients: Array.from({ length: threads }, (_, thread) => ({
      sums: numbers(), present: Uint8Array.from(sizes, (_, index) => (index < sizes.length - 1 && (thread + index) % 3 > 0 ? 1 : 0))
    }))
  }
}

function copied(shared: SharedTraining): SharedTraining {
  return structuredClone(shared)
}

/** Number by number, as PyTorch's SGD. @returns the sum of squares */
function reference({ places, weights, velocities, gradients }: SharedTraining): number {
  let squares = 0
  places.forEach(({ offset, size }, index) => {
    const used = gradients.filter(({ present }) => present[index] === 1)
    if (used.length === 0) return
    for (let i = offset; i < offset + size; i++) {
      const gradient = used.reduce((sum, { sums }) => sum + sums[i], 0)
      squares += gradient ** 2
      velocities[i] = move.momentum * velocities[i] + move.factor * gradient + move.weightDecay * weights[i]
      weights[i] -= move.learningRate * velocities[i]
    }
  })
  return squares
}

describe.each([1, 2, 3, 5])('%i threads', (threads) => {
  it('have every weight once', () => {
    const shared = training(threads)
    const shares = Array.from({ length: threads }, (_, thread) => placeShare(shared, thread, threads))
    expect(shares[0][0]).toBe(0)
    expect(shares.at(-1)?.[1]).toBe(sizes.length)
    shares.slice(1).forEach(([from], index) => expect(from).toBe(shares[index][1]))
  })

  it('move the weights as one loop does', () => {
    const shared = training(threads)
    const expected = copied(shared)
    const squares = reference(expected)
    const shares = Array.from({ length: threads }, (_, thread) => placeShare(shared, thread, threads))
    const found = shares.reduce((sum, share) => sum + addGradients(shared, share), 0)
    expect(found / squares).toBeCloseTo(1, 6)
    for (const share of shares) moveWeights(shared, share, move)
    for (const kind of ['weights', 'velocities'] as const) shared[kind].forEach((value, index) => expect(value).toBeCloseTo(expected[kind][index], 5))
    expect([...shared.moved]).toEqual(sizes.map((_, index) => (shared.gradients.some(({ present }) => present[index] === 1) ? 1 : 0)))
  })
})

it('a number that is not finite is seen in the sum of squares', () => {
  for (const spoilt of [NaN, Infinity]) {
    for (const place of [0, 6, 48]) {
      const shared = training(2)
      shared.gradients[1].sums[place] = spoilt
      shared.gradients[1].present.fill(1)
      expect(Number.isFinite(addGradients(shared, [0, sizes.length]))).toBe(false)
    }
  }
})
