import { integerVector } from './constants.js'
import { call } from './native.js'
import { alignedNumbers, sharedFloats } from './sharedFloats.js'
import { tf } from './tf.js'

/** Where the gradient of one weight is summed up: `offset` is a multiple of 16 numbers. */
export interface SumPlace {
  name: string
  shape: number[]
  offset: number
}

/**
 * Sums of gradients in memory that threads share, one place for each weight. A gradient is added where it lies as soon as it is known, so
 * that no second copy of all gradients is ever held. `sums` must come from sharedFloats.
 */
export class GradientSum {
  private readonly indices: Map<string, number>
  private readonly wholes = new Map<number, tf.Tensor>()
  private readonly parts = new Map<string, { numbers: Float32Array; tensor: tf.Tensor }>()
  private partNumbers: Float32Array | undefined

  /** `present` says for every place whether anything was added since it was last set to 0. */
  constructor(private readonly places: readonly SumPlace[], private readonly sums: Float32Array, private readonly present: Uint8Array) {
    this.indices = new Map(places.map(({ name }, index) => [name, index]))
  }

  /** Adds a gradient of the weight `name`: of its whole shape, or, for a filter, of its leading channels. Does not dispose it. */
  add(name: string, gradient: tf.Tensor): void {
    const index = this.indices.get(name)
    if (index === undefined) throw new Error(`There is a gradient for "${name}", but no weight of that name.`)
    const { shape } = this.places[index]
    if (gradient.size === sizeOf(shape)) this.addWhole(index, gradient)
    else this.addPart(index, gradient)
    this.present[index] = 1
  }

  dispose(): void {
    tf.dispose([...this.wholes.values(), ...[...this.parts.values()].map(({ tensor }) => tensor)])
    this.wholes.clear()
    this.parts.clear()
  }

  private addWhole(index: number, gradient: tf.Tensor): void {
    const matrix = gradient.rank === 1 ? call('Reshape', [gradient, integerVector([1, gradient.size])]) : gradient
    call(this.present[index] === 0 ? 'InplaceUpdate' : 'InplaceAdd', [this.whole(index), everyRow(matrix), matrix]).dispose()
    if (matrix !== gradient) matrix.dispose()
  }

  /** The tensor that is the memory of a place; a vector's as one row. */
  private whole(index: number): tf.Tensor {
    let tensor = this.wholes.get(index)
    if (tensor === undefined) {
      const { shape, offset } = this.places[index]
      tensor = tf.keep(tf.tensor(this.sums.subarray(offset, offset + sizeOf(shape)), shape.length === 1 ? [1, shape[0]] : shape, 'float32'))
      this.wholes.set(index, tensor)
    }
    return tensor
  }

  /** Through memory that stays in the processor's cache: no kernel adds to a part of a tensor. */
  private addPart(index: number, gradient: tf.Tensor): void {
    const { shape, offset } = this.places[index]
    if (this.present[index] === 0) this.sums.fill(0, offset, offset + sizeOf(shape))
    const { numbers, tensor } = this.part(gradient.shape)
    call('InplaceUpdate', [tensor, everyRow(gradient), gradient]).dispose()
    const [height, width, inChannels, outChannels] = shape
    const [, , inUsed, outUsed]: number[] = gradient.shape
    for (let tap = 0; tap < height * width; tap++) {
      const start = offset + tap * inChannels * outChannels
      addRows(this.sums, start, outChannels, numbers, tap * inUsed * outUsed, inUsed, outUsed)
    }
  }

  private part(shape: number[]): { numbers: Float32Array; tensor: tf.Tensor } {
    const key = shape.join()
    let part = this.parts.get(key)
    if (part === undefined) {
      this.partNumbers ??= sharedFloats(Math.max(alignedNumbers, ...this.places.map((place) => sizeOf(place.shape))))
      const numbers = this.partNumbers.subarray(0, sizeOf(shape))
      part = { numbers, tensor: tf.keep(tf.tensor(numbers, shape, 'float32')) }
      this.parts.set(key, part)
    }
    return part
  }
}

/** sums[start + r * stride + c] += part[first + r * columns + c] for every row r and column c. */
function addRows(sums: Float32Array, start: number, stride: number, part: Float32Array, first: number, rows: number, columns: number): void {
  for (let row = 0; row < rows; row++) {
    const to = start + row * stride
    const from = first + row * columns
    for (let column = 0; column < columns; column++) sums[to + column] += part[from + column]
  }
}

function everyRow({ shape }: tf.Tensor): tf.Tensor {
  return integerVector(Array.from({ length: shape[0] }, (_, row) => row))
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1)
}
