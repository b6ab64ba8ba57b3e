/**
 * The update of a supernet's weights, split among the threads of a team: each adds up the gradients of its share of the weights and, once the
 * norm over all shares is known, moves them where they lie. Every number is touched once in each half; sums are made in a fixed order.
 */
import type { SharedTraining } from './sharedTraining.js'

export interface WeightMove {
  /** What the gradient is multiplied by: below 1 where it is clipped. */
  factor: number
  learningRate: number
  momentum: number
  /** Added to the gradient as weightDecay * weight, after clipping and before the momentum. */
  weightDecay: number
}

/** The places that thread `thread` of `threads` moves: a run of neighbours, each run with about as many numbers as the others. [from, to) */
export function placeShare({ places }: SharedTraining, thread: number, threads: number): [number, number] {
  const last = places.at(-1)
  const numbers = last ? last.offset + last.size : 0
  const first = (part: number): number => {
    const found = places.findIndex(({ offset }) => offset >= (numbers * part) / threads)
    return found < 0 ? places.length : found
  }
  return [first(thread), first(thread + 1)]
}

/**
 * Adds the threads' gradients up, in the order of the threads, into the first of them that has one.
 *
 * @returns the sum of the squares of the result; not finite as soon as one number is not
 */
export function addGradients({ places, gradients }: SharedTraining, [from, to]: readonly [number, number]): number {
  let squares = 0
  for (let index = from; index < to; index++) {
    const [sum, ...others] = gradients.filter(({ present }) => present[index] === 1).map(({ sums }) => sums)
    if (sum === undefined) continue
    const { offset, size } = places[index]
    const last = others.pop()
    for (const other of others) addInto(sum, other, offset, offset + size)
    squares += last ? addAndSquare(sum, last, offset, offset + size) : sumOfSquares(sum, offset, offset + size)
  }
  return squares
}

/** PyTorch's SGD: v = momentum * v + factor * g + weightDecay * w; w = w - learningRate * v. Weights without a gradient stay. */
export function moveWeights(shared: SharedTraining, [from, to]: readonly [number, number], move: WeightMove): void {
  const { places, weights, velocities, moved, gradients } = shared
  for (let index = from; index < to; index++) {
    const gradient = gradients.find(({ present }) => present[index] === 1)?.sums
    if (gradient === undefined) continue
    const { offset, size } = places[index]
    moveNumbers(weights, velocities, gradient, offset, offset + size, move)
    moved[index] = 1
  }
}

function addInto(sum: Float32Array, other: Float32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) sum[i] += other[i]
}

/** The last addition and the squares in one go, so that the numbers are read once. Squares are those of the sums as they are stored. */
function addAndSquare(sum: Float32Array, other: Float32Array, from: number, to: number): number {
  let even = 0
  let odd = 0
  let i = from
  for (; i + 1 < to; i += 2) {
    const a = Math.fround(sum[i] + other[i])
    const b = Math.fround(sum[i + 1] + other[i + 1])
    sum[i] = a
    sum[i + 1] = b
    even += a * a
    odd += b * b
  }
  if (i < to) {
    sum[i] += other[i]
    even += sum[i] * sum[i]
  }
  return even + odd
}

function sumOfSquares(numbers: Float32Array, from: number, to: number): number {
  let even = 0
  let odd = 0
  let i = from
  for (; i + 1 < to; i += 2) {
    even += numbers[i] * numbers[i]
    odd += numbers[i + 1] * numbers[i + 1]
  }
  if (i < to) even += numbers[i] * numbers[i]
  return even + odd
}

function moveNumbers(weights: Float32Array, velocities: Float32Array, gradient: Float32Array, from: number, to: number, move: WeightMove): void {
  const { factor, learningRate, momentum, weightDecay } = move
  for (let i = from; i < to; i++) {
    const weight = weights[i]
    const velocity = momentum * velocities[i] + factor * gradient[i] + weightDecay * weight
    velocities[i] = velocity
    weights[i] = weight - learningRate * velocity
  }
}
