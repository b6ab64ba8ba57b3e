/** The numbers of fixtures/reference.py: weights and images are a formula of their name, so that only results need to be stored. */
import type { Weight } from '../../../src/engine/graph/weights.js'

/** Uniform-looking numbers in [-1, 1). */
export function formulaValues(name: string, count: number): Float32Array {
  const phase = Array.from(name).reduce((sum, letter, place) => sum + (place + 1) * letter.charCodeAt(0), 0)
  return Float32Array.from({ length: count }, (_, index) => {
    const x = Math.sin(index * 12.9898 + phase) * 43758.5453
    return 2 * (x - Math.floor(x)) - 1
  })
}

/** A weight as the reference makes it: filters [k, k, in, out] uniform over the fan in, scales and variances around 1, the rest around 0. */
export function formulaWeight(name: string, shape: number[]): Weight {
  const count = shape.reduce((product, size) => product * size, 1)
  const fanIn = count / shape[shape.length - 1]
  const numbers = formulaValues(name, count)
  if (name.endsWith('.weight')) return { shape, data: numbers.map((value) => value * (6 / fanIn) ** 0.5) }
  if (name.endsWith('.scale') || name.endsWith('.variance')) return { shape, data: numbers.map((value) => 1 + 0.5 * value) }
  return { shape, data: numbers.map((value) => (name.endsWith('.mean') ? 0.1 : 0.3) * value) }
}

/** What a whole gradient is compared by: its product with a formula's vector, and its length. */
export function probe(name: string, gradient: Float32Array): [number, number] {
  const vector = formulaValues(`probe ${name}`, gradient.length)
  return [vector.reduce((sum, value, index) => sum + value * gradient[index], 0), Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0))]
}
