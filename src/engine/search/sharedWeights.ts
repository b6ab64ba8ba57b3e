/** Weights and gradients in memory that threads share: one block, every weight at its place. */
import type { Weight } from '../graph/weights.js'
import { accumulate } from '../tensor/accumulate.js'
import { tf } from '../tensor/tf.js'

export interface WeightPlace {
  name: string
  shape: number[]
  /** Of the first number, counted in numbers. */
  offset: number
}

/** Where each weight lies, in the order given, without gaps. */
export function weightPlaces(weights: Iterable<[string, { shape: number[] }]>): WeightPlace[] {
  let offset = 0
  return Array.from(weights, ([name, { shape }]) => {
    const place = { name, shape: [...shape], offset }
    offset += size(place)
    return place
  })
}

/** A block that holds them all. */
export function sharedBlock(places: readonly WeightPlace[]): Float32Array {
  const numbers = places.reduce((sum, place) => sum + size(place), 0)
  return new Float32Array(new SharedArrayBuffer(4 * numbers))
}

/** Writes tensors to their places. @returns for each place whether there was a tensor for it */
export function writeTensors(block: Float32Array, places: readonly WeightPlace[], tensors: ReadonlyMap<string, tf.Tensor>): boolean[] {
  return places.map(({ name, offset }) => {
    const tensor = tensors.get(name)
    if (tensor) block.set(tensor.dataSync<'float32'>(), offset)
    return tensor !== undefined
  })
}

/** Copies one weight out: memory that is shared may change under a tensor, and TensorFlow must not see that. */
export function readWeight(block: Float32Array, place: WeightPlace): Weight {
  return { shape: place.shape, data: new Float32Array(block.subarray(place.offset, place.offset + size(place))) }
}

/** Adds what lies at the places that are `present` to `sums`, one after the other, so that no second copy of all is held. */
export function addTensors(sums: Map<string, tf.Tensor>, block: Float32Array, places: readonly WeightPlace[], present: readonly boolean[]): void {
  places.forEach((place, index) => {
    if (present[index]) accumulate(sums, new Map([[place.name, tf.tensor(readWeight(block, place).data, place.shape, 'float32')]]))
  })
}

function size({ shape }: WeightPlace): number {
  return shape.reduce((product, side) => product * side, 1)
}
