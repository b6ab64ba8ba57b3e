/** Weights, velocities and gradients of a supernet in memory that all threads of a team see; every weight has one place in all of them. */
import type { Weight } from '../graph/weights.js'
import { alignedNumbers, sharedFloats } from '../tensor/sharedFloats.js'

export interface WeightPlace {
  name: string
  shape: number[]
  /** Of the first number, counted in numbers; a multiple of 16, so that tensors can be this memory. */
  offset: number
  /** Numbers. */
  size: number
}

export interface SharedTraining {
  places: WeightPlace[]
  weights: Float32Array
  /** SGD's velocities. A weight that never had a gradient has none: `moved` is 0 at its place. */
  velocities: Float32Array
  moved: Uint8Array
  /** For every thread the sum over its passes; `present` is 1 at the places of the weights that the passes reached. */
  gradients: { sums: Float32Array; present: Uint8Array }[]
}

/** Room for weights of these shapes; everything is 0. */
export function sharedTraining(weights: Iterable<[string, { shape: number[] }]>, threads: number): SharedTraining {
  const places = weightPlaces(weights)
  const last = places.at(-1)
  const numbers = last ? last.offset + last.size : 0
  return {
    places,
    weights: sharedFloats(numbers),
    velocities: sharedFloats(numbers),
    moved: sharedFlags(places.length),
    gradients: Array.from({ length: threads }, () => ({ sums: sharedFloats(numbers), present: sharedFlags(places.length) }))
  }
}

/** The numbers of one weight, where they lie. */
export function numbersAt(block: Float32Array, { offset, size }: WeightPlace): Float32Array {
  return block.subarray(offset, offset + size)
}

/** Copies of the velocities that there are, for a checkpoint. */
export function readVelocities({ places, velocities, moved }: SharedTraining): Map<string, Weight> {
  const found = places.filter((_, index) => moved[index] === 1)
  return new Map(found.map((place) => [place.name, { shape: [...place.shape], data: numbersAt(velocities, place).slice() }]))
}

export function writeVelocities({ places, velocities, moved }: SharedTraining, stored: ReadonlyMap<string, Weight>): void {
  velocities.fill(0)
  places.forEach((place, index) => {
    const velocity = stored.get(place.name)
    moved[index] = velocity ? 1 : 0
    if (velocity) numbersAt(velocities, place).set(velocity.data)
  })
}

function weightPlaces(weights: Iterable<[string, { shape: number[] }]>): WeightPlace[] {
  let offset = 0
  return Array.from(weights, ([name, { shape }]) => {
    const size = shape.reduce((product, side) => product * side, 1)
    const place = { name, shape: [...shape], offset, size }
    offset += alignedNumbers * Math.ceil(size / alignedNumbers)
    return place
  })
}

function sharedFlags(count: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(count))
}
