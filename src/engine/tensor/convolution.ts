import { integerVector } from './constants.js'
import { fasterAsMatrices, matrixConvolve, matrixFilterGradient, matrixInputGradient, outputSide } from './matrixConvolution.js'
import { attribute, call, type Attribute } from './native.js'
import { isRecording, record, share } from './tape.js'
import type { tf } from './tf.js'

export type Stride = 1 | 2

export interface ConvolutionOptions {
  stride: Stride
}

/**
 * 2-D convolution without bias, zero padding of (k - 1) / 2 on every side as in PyTorch: output height is floor((H - 1) / stride) + 1.
 * TensorFlow's SAME pads otherwise at stride 2, so the padding is given explicitly.
 *
 * @param x [N, H, W, I]
 * @param filter [k, k, I, O], k = 1 or 3
 * @returns [N, H', W', O]; differentiable in both
 */
export function convolution(x: tf.Tensor4D, filter: tf.Tensor4D, { stride }: ConvolutionOptions): tf.Tensor4D {
  const output = convolve(x, filter, stride)
  if (isRecording()) {
    record({
      name: 'convolution',
      inputs: { x, filter },
      output,
      saved: [share(x), share(filter)],
      gradient: (dy, [x, filter]) => ({
        x: () => convolutionInputGradient(x.shape, filter, dy, stride),
        filter: () => convolutionFilterGradient(x, filter.shape, dy, stride)
      })
    })
  }
  return output
}

/** The convolution alone, not recorded. */
export function convolve(x: tf.Tensor, filter: tf.Tensor, stride: Stride): tf.Tensor4D {
  if (asMatrices(x.shape, filter.shape, stride)) return matrixConvolve(x, filter, stride)
  return call('Conv2D', [x, filter], attributesOf(filter.shape, stride))
}

/** Gradient with respect to the input, of shape `shape`. */
export function convolutionInputGradient(shape: number[], filter: tf.Tensor, dy: tf.Tensor, stride: Stride): tf.Tensor4D {
  if (asMatrices(shape, filter.shape, stride)) return matrixInputGradient(shape, filter, dy, stride)
  return call('Conv2DBackpropInput', [integerVector(shape), filter, dy], attributesOf(filter.shape, stride))
}

/** Gradient with respect to the filter, of shape `shape`. */
export function convolutionFilterGradient(x: tf.Tensor, shape: number[], dy: tf.Tensor, stride: Stride): tf.Tensor4D {
  if (asMatrices(x.shape, shape, stride)) return matrixFilterGradient(x, shape, dy, stride)
  return call('Conv2DBackpropFilter', [x, integerVector(shape), dy], attributesOf(shape, stride))
}

function asMatrices([, height, width]: number[], [size, , inChannels, outChannels]: number[], stride: Stride): boolean {
  return fasterAsMatrices(size, inChannels, outChannels, [outputSide(height, stride), outputSide(width, stride)], stride)
}

const attributes = {
  1: { 1: convolutionAttributes(1, 1), 2: convolutionAttributes(1, 2) },
  3: { 1: convolutionAttributes(3, 1), 2: convolutionAttributes(3, 2) }
}

function attributesOf(filterShape: number[], stride: Stride): Attribute[] {
  return attributes[filterShape[0] === 1 ? 1 : 3][stride]
}

/** At stride 1 SAME is the same padding, and TensorFlow's fastest path; 1x1 needs none. */
function convolutionAttributes(size: 1 | 3, stride: Stride): Attribute[] {
  const strides = attribute.integers('strides', [1, stride, stride, 1])
  if (size === 1) return [strides, attribute.string('padding', 'VALID')]
  if (stride === 1) return [strides, attribute.string('padding', 'SAME')]
  return [strides, attribute.string('padding', 'EXPLICIT'), attribute.integers('explicit_paddings', [0, 0, 1, 1, 1, 1, 0, 0])]
}
