/** A convolution as matrix products gives what the convolution kernel gives, and both its gradients. */
import { expect, it } from 'vitest'
import { attribute, call } from '../../../src/engine/tensor/native.js'
import { fasterAsMatrices, matrixConvolve, matrixFilterGradient, matrixInputGradient } from '../../../src/engine/tensor/matrixConvolution.js'
import { integerVector } from '../../../src/engine/tensor/constants.js'
import { convolve } from '../../../src/engine/tensor/convolution.js'
import { countKernels } from '../../../src/engine/tensor/countKernels.js'
import { tf } from '../../../src/engine/tensor/tf.js'

function randomTensor(shape: [number, number, number, number], seed: number): tf.Tensor4D {
  return tf.randomNormal(shape, 0, 1, 'float32', seed) as tf.Tensor4D
}

function distance(found: tf.Tensor, expected: tf.Tensor): number {
  expect(found.shape).toEqual(expected.shape)
  return found.sub(expected).abs().max().dataSync()[0] / expected.abs().max().dataSync()[0]
}

it.each([
  { batch: 2, height: 4, width: 8, size: 3, stride: 1 },
  { batch: 3, height: 5, width: 2, size: 3, stride: 2 },
  { batch: 1, height: 1, width: 1, size: 3, stride: 1 },
  { batch: 2, height: 3, width: 7, size: 3, stride: 2 },
  { batch: 2, height: 4, width: 3, size: 1, stride: 1 }
] as const)('$size x $size, stride $stride, on $batch x $height x $width', ({ batch, height, width, size, stride }) => {
  const [inChannels, outChannels] = [5, 7]
  const edge = (size - 1) / 2
  const padding = [0, 0, edge, edge, edge, edge, 0, 0]
  const attributes = [attribute.integers('strides', [1, stride, stride, 1]), attribute.string('padding', 'EXPLICIT'), attribute.integers('explicit_paddings', padding)]
  tf.tidy(() => {
    const x = randomTensor([batch, height, width, inChannels], 1)
    const filter = randomTensor([size, size, inChannels, outChannels], 2)
    const output = call('Conv2D', [x, filter], attributes)
    const dy = randomTensor(output.shape as [number, number, number, number], 3)
    expect(distance(matrixConvolve(x, filter, stride), output)).toBeLessThan(1e-5)
    const dx = call('Conv2DBackpropInput', [integerVector(x.shape), filter, dy], attributes)
    expect(distance(matrixInputGradient(x.shape, filter, dy, stride), dx)).toBeLessThan(1e-5)
    const dFilter = call('Conv2DBackpropFilter', [x, integerVector(filter.shape), dy], attributes)
    expect(distance(matrixFilterGradient(x, filter.shape, dy, stride), dFilter)).toBeLessThan(1e-5)
  })
})

it('is taken for a small map of many channels only', () => {
  expect(fasterAsMatrices(3, 384, 384, [4, 8], 1)).toBe(true)
  expect(fasterAsMatrices(3, 96, 96, [16, 32], 1)).toBe(false)
  expect(fasterAsMatrices(1, 4, 4, [2, 2], 1)).toBe(false)
  const kernels = (channels: number): string[] => tf.tidy(() => {
    const [x, filter] = [randomTensor([1, 2, 4, channels], 1), randomTensor([3, 3, channels, channels], 2)]
    return [...countKernels(() => convolve(x, filter, 1)).byName.keys()]
  })
  expect(kernels(128)).toContain('MatMul')
  expect(kernels(64)).toEqual(['Conv2D'])
})
