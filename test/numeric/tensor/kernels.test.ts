/** Every kernel's values, gradients and statistics against PyTorch's (fixtures/tensor.py). */
import { describe, expect, it } from 'vitest'
import { convNorm } from '../../../src/engine/tensor/convNorm.js'
import { convolution } from '../../../src/engine/tensor/convolution.js'
import { crossEntropy } from '../../../src/engine/tensor/crossEntropy.js'
import { norm } from '../../../src/engine/tensor/norm.js'
import { normEval } from '../../../src/engine/tensor/normEval.js'
import { resizeBilinear } from '../../../src/engine/tensor/resizeBilinear.js'
import { shiftOnePixel } from '../../../src/engine/tensor/shiftOnePixel.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { weightedSum } from '../../../src/engine/tensor/weightedSum.js'
import { expectClose } from './expectClose.js'
import { fixture } from './fixture.js'

const vector = (values: number[]): tf.Tensor1D => tf.tensor1d(values)
const map = (values: number[], shape: [number, number, number, number]): tf.Tensor4D => tf.tensor4d(values, shape)

/** Gradients of `operation` at `inputs` for the upstream gradient `dy`, compared with `expected` in the same order. */
function expectGradients(operation: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[], dy: number[], expected: number[][]): void {
  const shape = operation(...inputs).shape
  const gradients = tf.grads(operation)(inputs, tf.tensor(dy, shape))
  expect(gradients.length).toBe(expected.length)
  gradients.forEach((gradient, index) => expectClose(gradient, expected[index]))
}

describe.each(fixture.convolutions)('$size x $size, stride $stride, on $shape', (given) => {
  const { stride } = given
  const x = map(given.x, given.shape)
  const filter = map(given.filter, given.filterShape)
  const scale = vector(given.scale)
  const offset = vector(given.offset)

  it('convolution', () => {
    expectClose(convolution(x, filter, { stride }), given.convolution.output)
    expectGradients(
      (x, filter) => convolution(x as tf.Tensor4D, filter as tf.Tensor4D, { stride }),
      [x, filter], given.dy, [given.convolution.x, given.convolution.filter]
    )
  })

  it('convolution, batch norm, ReLU', () => {
    const expected = given.convNorm
    const { output, moments: [{ mean, variance }] } = convNorm(x, filter, scale, offset, { stride, relu: true })
    expectClose(output, expected.output)
    expectClose(mean, expected.mean)
    expectClose(variance, expected.variance)
    const fused = (x: tf.Tensor, filter: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor): tf.Tensor =>
      convNorm(x as tf.Tensor4D, filter as tf.Tensor4D, scale as tf.Tensor1D, offset as tf.Tensor1D, { stride, relu: true }).output
    expectGradients(fused as (...inputs: tf.Tensor[]) => tf.Tensor, [x, filter, scale, offset], given.dy,
      [expected.x, expected.filter, expected.scale, expected.offset])
  })
})

it.each(fixture.norms)('batch norm, training $training, relu $relu', (given) => {
  const { relu } = given
  const inputs = [map(given.xIn, given.shape), vector(given.scaleIn), vector(given.offsetIn)]
  const statistics = { mean: vector(given.givenMean), variance: vector(given.givenVariance) }
  const operation = (...[x, scale, offset]: tf.Tensor[]): tf.Tensor => given.training
    ? norm(x as tf.Tensor4D, scale as tf.Tensor1D, offset as tf.Tensor1D, { relu }).output
    : normEval(x as tf.Tensor4D, scale as tf.Tensor1D, offset as tf.Tensor1D, statistics, { relu })
  expectClose(operation(...inputs), given.output)
  expectGradients(operation, inputs, given.dy, [given.x, given.scale, given.offset])
  if (given.training) {
    const { moments: [{ mean, variance }] } = norm(inputs[0] as tf.Tensor4D, inputs[1] as tf.Tensor1D, inputs[2] as tf.Tensor1D, { relu })
    expectClose(mean, given.mean)
    expectClose(variance, given.variance)
  }
})

it.each(fixture.resizes)('bilinear resize of $shape to $size', (given) => {
  const x = map(given.xIn, given.shape)
  expectClose(resizeBilinear(x, given.size), given.output)
  expectGradients((x) => resizeBilinear(x as tf.Tensor4D, given.size), [x], given.dy, [given.x])
})

it.each(fixture.weightedSums)('weighted sum with weights $weightsIn', (given) => {
  const xs = given.xs.map((values) => map(values, given.shape))
  const weights = vector(given.weightsIn)
  expectClose(weightedSum(xs, weights), given.output)
  expectGradients(
    (weights, ...xs) => weightedSum(xs as tf.Tensor4D[], weights as tf.Tensor1D),
    [weights, ...xs], given.dy, [given.weights, ...given.maps]
  )
})

it('the gradient of a weighted sum agrees with finite differences', () => {
  const given = fixture.weightedSums[2]
  const xs = given.xs.map((values) => map(values, given.shape))
  const dy = map(given.dy, given.shape)
  const value = (weights: tf.Tensor): tf.Tensor => weightedSum(xs, weights as tf.Tensor1D).mul(dy).sum()
  const gradient = tf.grad(value)(vector(given.weightsIn)).dataSync()
  // The sum is linear in a weight, so a wide step has no error but rounding.
  given.weightsIn.forEach((_, k) => {
    const moved = (by: number): number => value(vector(given.weightsIn.map((weight, j) => (j === k ? weight + by : weight)))).dataSync()[0]
    expect((moved(0.5) - moved(-0.5)) / (gradient[k] || 1)).toBeCloseTo(1, 4)
  })
})

it('cross-entropy per pixel, ignored pixels 0 in value and gradient', () => {
  const given = fixture.crossEntropy
  const labels = tf.tensor3d(given.labels, given.shape.slice(0, 3) as [number, number, number], 'int32')
  expect(given.labels).toContain(255)
  const logits = map(given.logitsIn, given.shape)
  expectClose(crossEntropy(logits, labels), given.output)
  expectGradients((logits) => crossEntropy(logits as tf.Tensor4D, labels), [logits], given.dy, [given.logits])
})

it('the skip operator\'s second half: a stride-2 convolution of the shifted map', () => {
  const given = fixture.skipShift
  const inputs = [map(given.xIn, given.shape), map(given.filterIn, given.filterShape)]
  const operation = (...[x, filter]: tf.Tensor[]): tf.Tensor =>
    convolution(shiftOnePixel(x as tf.Tensor4D), filter as tf.Tensor4D, { stride: 2 })
  expectClose(operation(...inputs), given.output)
  expectGradients(operation, inputs, given.dy, [given.x, given.filter])
})
