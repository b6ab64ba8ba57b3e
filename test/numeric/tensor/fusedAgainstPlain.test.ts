import { describe, expect, it } from 'vitest'
import { convNorm } from '../../../src/engine/tensor/convNorm.js'
import { convNormEval } from '../../../src/engine/tensor/normEval.js'
import { convolution, type Stride } from '../../../src/engine/tensor/convolution.js'
import { crossEntropy, pixelLabels } from '../../../src/engine/tensor/crossEntropy.js'
import { norm } from '../../../src/engine/tensor/norm.js'
import { plain } from '../../../src/engine/tensor/plain.js'
import { relu } from '../../../src/engine/tensor/relu.js'
import { resizeBilinear } from '../../../src/engine/tensor/resizeBilinear.js'
import { shiftOnePixel } from '../../../src/engine/tensor/shiftOnePixel.js'
import { sliceFilter } from '../../../src/engine/tensor/sliceFilter.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { weightedSum } from '../../../src/engine/tensor/weightedSum.js'
import { expectClose } from './expectClose.js'

type Operation = (...inputs: tf.Tensor[]) => tf.Tensor

/** Value and every input's gradient, for an uneven upstream gradient, must agree to 1e-5 of the largest element. */
function compare(fused: Operation, stock: Operation, inputs: tf.Tensor[]): void {
  tf.tidy(() => {
    const value = stock(...inputs)
    const dy = tf.randomNormal(value.shape, 0, 1, 'float32', 7)
    expectClose(fused(...inputs), value.dataSync())
    const expected = tf.grads(stock)(inputs, dy)
    tf.grads(fused)(inputs, dy).forEach((gradient, index) => {
      expect(gradient.shape).toEqual(inputs[index].shape)
      expectClose(gradient, expected[index].dataSync())
    })
  })
}

const map = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0.3, 1, 'float32', seed)
const as4D = (tensor: tf.Tensor): tf.Tensor4D => tensor as tf.Tensor4D
const as1D = (tensor: tf.Tensor): tf.Tensor1D => tensor as tf.Tensor1D

describe.each([[1, 1], [1, 2], [3, 1], [3, 2]])('%ix%i kernels, stride %i', (size, stride) => {
  const options = { stride: stride as Stride, relu: true }

  it.each([[10, 12], [9, 13]])('convolution on %ix%i', (height, width) => {
    compare(
      (x, filter) => convolution(as4D(x), as4D(filter), options),
      (x, filter) => plain.convolution(as4D(x), as4D(filter), options),
      [map([2, height, width, 8], 1), map([size, size, 8, 6], 2)]
    )
  })

  it.each([[true, 1], [false, 1], [true, 2], [false, 3]])('convNorm, relu %s, runs %i', (rectified, runs) => {
    const inputs = [map([2 * runs, 9, 12, 8], 1), map([size, size, 8, 6], 2), map([6], 3), map([6], 4)]
    const fused = { ...options, relu: rectified, runs }
    compare(
      (x, filter, scale, offset) => convNorm(as4D(x), as4D(filter), as1D(scale), as1D(offset), fused).output,
      (x, filter, scale, offset) => plain.convNorm(as4D(x), as4D(filter), as1D(scale), as1D(offset), fused).output,
      inputs
    )
  })

  it('convNorm statistics', () => {
    const [x, filter, scale, offset] = [map([4, 9, 12, 8], 1), map([size, size, 8, 6], 2), map([6], 3), map([6], 4)]
    for (const runs of [1, 2]) {
      const fused = convNorm(as4D(x), as4D(filter), as1D(scale), as1D(offset), { ...options, runs })
      const expected = plain.convNorm(as4D(x), as4D(filter), as1D(scale), as1D(offset), { ...options, runs })
      expect(fused.moments).toHaveLength(runs)
      fused.moments.forEach(({ mean, variance }, run) => {
        expectClose(mean, expected.moments[run].mean.dataSync())
        expectClose(variance, expected.moments[run].variance.dataSync())
      })
    }
  })

  it('convNormEval', () => {
    const statistics = { mean: tf.randomNormal([6]) as tf.Tensor1D, variance: tf.randomUniform([6], 0.5, 2) as tf.Tensor1D }
    compare(
      (x, filter, scale, offset) => convNormEval(as4D(x), as4D(filter), as1D(scale), as1D(offset), statistics, options),
      (x, filter, scale, offset) => plain.convNormEval(as4D(x), as4D(filter), as1D(scale), as1D(offset), statistics, options),
      [map([2, 9, 12, 8], 1), map([size, size, 8, 6], 2), map([6], 3), map([6], 4)]
    )
  })
})

it.each([[true, 1], [false, 1], [true, 2]])('norm, relu %s, runs %i', (rectified, runs) => {
  compare(
    (x, scale, offset) => norm(as4D(x), as1D(scale), as1D(offset), { relu: rectified, runs }).output,
    (x, scale, offset) => plain.norm(as4D(x), as1D(scale), as1D(offset), { relu: rectified, runs }).output,
    [map([2 * runs, 7, 5, 6], 1), map([6], 2), map([6], 3)]
  )
})

it('relu', () => {
  compare((x) => relu(x), (x) => plain.relu(x), [map([2, 5, 4, 3], 1)])
})

it.each([[[3, 4]], [[12, 20]], [[1, 1]], [[13, 9]]])('resizeBilinear to %s', ([height, width]) => {
  compare(
    (x) => resizeBilinear(as4D(x), [height, width]),
    (x) => plain.resizeBilinear(as4D(x), [height, width]),
    [map([2, 7, 10, 3], 1)]
  )
})

it.each([[1, 1], [2, 1], [5, 1], [5, 2], [1, 3]])('weightedSum of %i maps, %i runs', (count, runs) => {
  const xs = Array.from({ length: count }, (_, k) => map([2 * runs, 5, 4, 3], k))
  compare(
    (weights, ...maps) => weightedSum(maps.map(as4D), as1D(weights), runs),
    (weights, ...maps) => plain.weightedSum(maps.map(as4D), as1D(weights), runs),
    [map([runs * count], 9), ...xs]
  )
})

it('shiftOnePixel', () => {
  compare((x) => shiftOnePixel(as4D(x)), (x) => plain.shiftOnePixel(as4D(x)), [map([2, 5, 4, 3], 1)])
})

it('sliceFilter', () => {
  compare((x) => sliceFilter(as4D(x), 4, 6), (x) => plain.sliceFilter(as4D(x), 4, 6), [map([3, 3, 8, 12], 1)])
})

it('sliceFilter at full width is the filter itself', () => {
  const filter = as4D(map([1, 1, 4, 4], 1))
  expect(sliceFilter(filter, 4, 4)).toBe(filter)
})

it('crossEntropy, with labels raw and prepared', () => {
  const labels = tf.tensor3d([0, 4, 255, 2, 255, 3, 1, 0, 4, 2, 1, 255], [1, 3, 4], 'int32')
  const prepared = pixelLabels(labels)
  const logits = map([1, 3, 4, 5], 1)
  const stock = (x: tf.Tensor): tf.Tensor => plain.crossEntropy(as4D(x), labels)
  compare((x) => crossEntropy(as4D(x), labels), stock, [logits])
  compare((x) => crossEntropy(as4D(x), prepared), stock, [logits])
})
