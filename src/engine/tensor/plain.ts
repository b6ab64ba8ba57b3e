/**
 * Every kernel of this folder as a composition of stock tfjs operations: the readable definition, and what the tests compare with.
 * Slow (ten times the kernel calls); the engine itself never uses it.
 */
import type { ConvolutionOptions } from './convolution.js'
import type { ConvNormOptions } from './convNorm.js'
import { ignoreLabel } from './crossEntropy.js'
import type { NormOptions, NormOutput } from './norm.js'
import type { NormStatistics } from './normEval.js'
import { tf } from './tf.js'

export const plain = {
  convolution, convNorm, norm, normEval, convNormEval, relu, resizeBilinear, weightedSum, shiftOnePixel, sliceFilter, crossEntropy
}

function convolution(x: tf.Tensor4D, filter: tf.Tensor4D, { stride }: ConvolutionOptions): tf.Tensor4D {
  const border = (filter.shape[0] - 1) / 2
  const padded = tf.pad(x, [[0, 0], [border, border], [border, border], [0, 0]])
  return tf.conv2d(padded, filter, stride, 'valid')
}

function norm(x: tf.Tensor4D, scale: tf.Tensor1D, offset: tf.Tensor1D, { runs = 1, ...options }: NormOptions): NormOutput {
  const parts = split(x, runs).map((part) => normPart(part, scale, offset, options))
  return { output: tf.concat(parts.map(({ output }) => output), 0), moments: parts.flatMap(({ moments }) => moments) }
}

/** tfjs cannot differentiate a split into one. */
function split(x: tf.Tensor4D, runs: number): tf.Tensor4D[] {
  return runs === 1 ? [x] : (tf.split(x, runs, 0) as tf.Tensor4D[])
}

function normPart(x: tf.Tensor4D, scale: tf.Tensor1D, offset: tf.Tensor1D, { relu, epsilon = 1e-5 }: NormOptions): NormOutput {
  const { mean, variance } = tf.moments(x, [0, 1, 2])
  const normalised = x.sub(mean).div(variance.add(epsilon).sqrt()).mul(scale).add(offset) as tf.Tensor4D
  const count = x.size / x.shape[3]
  return {
    output: relu ? normalised.relu() : normalised,
    moments: [{ mean: mean as tf.Tensor1D, variance: variance.mul(count / (count - 1)) as tf.Tensor1D }]
  }
}

function convNorm(
  x: tf.Tensor4D, filter: tf.Tensor4D, scale: tf.Tensor1D, offset: tf.Tensor1D, { stride, ...options }: ConvNormOptions
): NormOutput {
  return norm(convolution(x, filter, { stride }), scale, offset, options)
}

function normEval(
  x: tf.Tensor4D, scale: tf.Tensor1D, offset: tf.Tensor1D, { mean, variance }: NormStatistics, { relu, epsilon = 1e-5 }: NormOptions
): tf.Tensor4D {
  const normalised = x.sub(mean).div(variance.add(epsilon).sqrt()).mul(scale).add(offset) as tf.Tensor4D
  return relu ? normalised.relu() : normalised
}

function convNormEval(
  x: tf.Tensor4D, filter: tf.Tensor4D, scale: tf.Tensor1D, offset: tf.Tensor1D, statistics: NormStatistics,
  { stride, ...options }: ConvNormOptions
): tf.Tensor4D {
  return normEval(convolution(x, filter, { stride }), scale, offset, statistics, options)
}

function relu(x: tf.Tensor): tf.Tensor {
  return tf.relu(x)
}

function resizeBilinear(x: tf.Tensor4D, size: [number, number]): tf.Tensor4D {
  return tf.image.resizeBilinear(x, size, true)
}

function weightedSum(xs: tf.Tensor4D[], weights: tf.Tensor1D, runs = 1): tf.Tensor4D {
  const parts = xs.map((x) => split(x, runs))
  const products = parts.flatMap((ofMap, k) => ofMap.map((part, run) => part.mul(weights.slice([run * xs.length + k], [1]))))
  return tf.addN(products) as tf.Tensor4D
}

function shiftOnePixel(x: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape
  return tf.pad(x.slice([0, 1, 1, 0], [batch, height - 1, width - 1, channels]), [[0, 0], [0, 1], [0, 1], [0, 0]])
}

function sliceFilter(filter: tf.Tensor4D, inChannels: number, outChannels: number): tf.Tensor4D {
  return filter.slice([0, 0, 0, 0], [filter.shape[0], filter.shape[1], inChannels, outChannels])
}

function crossEntropy(logits: tf.Tensor4D, labels: tf.Tensor3D): tf.Tensor1D {
  const classes = logits.shape[3]
  const flatLabels = labels.flatten()
  // A one-hot row of 255 is all zeros, so ignored pixels give 0.
  const truth = tf.oneHot(flatLabels, Math.max(classes, ignoreLabel + 1)).slice([0, 0], [flatLabels.size, classes]).cast('float32')
  return tf.logSoftmax(logits.reshape([-1, classes])).mul(truth).sum(1).neg() as tf.Tensor1D
}
