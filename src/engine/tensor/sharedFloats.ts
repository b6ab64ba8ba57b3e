/** Numbers in memory that threads share and that TensorFlow computes on where they lie. */
import { call } from './native.js'
import { tf } from './tf.js'

/** An array that begins at a multiple of 64 bytes, so many numbers, is not copied when a tensor is made of it: the tensor is its memory. */
export const alignedNumbers = 16

/**
 * Zeros, at such a multiple. A block of memory may begin anywhere and does not say where: the places are tried. Memory that nobody writes to
 * costs nothing. Where no tensor shares our memory (on a GPU), it begins anywhere; see tensorsShareMemory.
 */
export function sharedFloats(count: number): Float32Array {
  const buffer = new SharedArrayBuffer(4 * (count + 2 * alignedNumbers))
  const begins = Array.from({ length: alignedNumbers }, (_, place) => place)
  return new Float32Array(buffer, 4 * (begins.find((begin) => sharedAt(buffer, begin)) ?? 0), count)
}

/** Whether a tensor made of an array can be the array's memory: it is on a CPU. */
export function tensorsShareMemory(): boolean {
  const { buffer, byteOffset } = sharedFloats(alignedNumbers)
  return sharedAt(buffer, byteOffset / 4)
}

function sharedAt(buffer: ArrayBufferLike, begin: number): boolean {
  const number = new Float32Array(buffer, 4 * begin, 1)
  const tensor = tf.tensor1d(number)
  call('Identity', [tensor]).dispose()
  number[0] = 1
  const shared = tensor.dataSync()[0] === 1
  tensor.dispose()
  number[0] = 0
  return shared
}
