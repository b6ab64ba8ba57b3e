/**
 * Online hard example mining (Shrivastava et al. 2016) as FasterSeg's published code has it: a pixel is easy, and left out, if the
 * probability of its true class is above the larger of `threshold` and the probability at rank `minKept` of the whole batch. With fewer
 * valid pixels than `minKept` nothing is mined. The result is the mean over the pixels that are kept. (One difference: with `minKept` 0 the
 * published code does not mine at all; here the threshold alone decides.)
 *
 * All comparisons are made on the cross entropies, -log p, which keep their order where p rounds to 1. Which pixels are kept is a
 * constant to the gradient. No number is read back, so a GPU is not stalled.
 */
import { integerVector } from '../tensor/constants.js'
import { crossEntropy } from '../tensor/crossEntropy.js'
import { attribute, call } from '../tensor/native.js'
import { isRecording, record } from '../tensor/tape.js'
import { tf } from '../tensor/tf.js'
import { pixelTargets } from './pixelTargets.js'
import type { PixelTargets } from './pixelTargets.js'

export interface OhemOptions {
  /** Pixels whose true class has at most this probability are always kept; 1 keeps every pixel: plain cross entropy. */
  threshold: number
  /** Least share of all pixels of the batch that is kept (published code: 1/16). Or give `minKept`. */
  keepFraction?: number
  /** Least number of pixels that is kept; wins over keepFraction. */
  minKept?: number
  /** [C]: the mean over the kept pixels is then weighted, as PyTorch's `weight`. Prepared targets carry their own. */
  classWeights?: tf.Tensor1D
}

/**
 * Mean cross entropy over the hard pixels, in nats; 0 if there is none.
 *
 * @param logits [N, H, W, C]
 * @param labels [N, H, W] int32 with 255 ignored, or the same prepared by pixelTargets
 */
export function ohemCrossEntropy(logits: tf.Tensor4D, labels: tf.Tensor3D | PixelTargets, options: OhemOptions): tf.Scalar {
  return tf.tidy(() => {
    const targets = 'weights' in labels ? labels : pixelTargets(labels, options.classWeights)
    return minedMean(crossEntropy(logits, targets), targets, options)
  })
}

/** Mean of crossEntropies [P] over the hard pixels; one tape node, differentiable in the cross entropies. */
function minedMean(crossEntropies: tf.Tensor1D, targets: PixelTargets, options: OhemOptions): tf.Scalar {
  const kept = options.threshold >= 1 ? targets.weights : call('Mul', [targets.weights, hardPixels(crossEntropies, targets, options)])
  // A batch without a kept pixel has the sum 0; its shares must be 0 and not 0 / 0.
  const total = call('Maximum', [sum(kept), smallest])
  const shares = call('Div', [kept, total])
  const output = sum(call('Mul', [crossEntropies, shares]))
  if (isRecording()) {
    record({
      name: 'minedMean',
      inputs: { crossEntropies },
      output,
      saved: [tf.keep(shares)],
      gradient: (dy, [saved]) => ({ crossEntropies: () => call('Mul', [saved, dy]) })
    })
  }
  return output
}

/** [P], 1 where the pixel is hard enough to be kept, else 0. Ignored pixels may be 1. */
function hardPixels(crossEntropies: tf.Tensor1D, targets: PixelTargets, options: OhemOptions): tf.Tensor {
  const pixels = targets.valid.size
  const minKept = options.minKept ?? Math.floor(pixels * (options.keepFraction ?? 0))
  // -log(0) is infinite: no pixel is hard by the threshold alone.
  const limit = tf.scalar(-Math.log(options.threshold))
  if (minKept === 0) return asFloat(call('GreaterEqual', [crossEntropies, limit]))
  // Ignored pixels have cross entropy 0, so they stand last, as probability 1 does.
  const rank = tf.scalar(Math.min(minKept, pixels) - 1, 'int32')
  const atRank = call('NthElement', [crossEntropies, rank], descending)
  // With too few valid pixels the limit is 0, which every pixel reaches.
  const enough = asFloat(call('GreaterEqual', [targets.count, tf.scalar(minKept)]))
  const mined = call('Mul', [call('Minimum', [limit, atRank]), enough])
  return asFloat(call('GreaterEqual', [crossEntropies, mined]))
}

const smallest = tf.keep(tf.scalar(1e-30))
const descending = [attribute.boolean('reverse', true)]
const toFloat = [attribute.integerType('SrcT'), attribute.floatType('DstT')]

function asFloat(condition: tf.Tensor): tf.Tensor {
  return call('Cast', [condition], toFloat)
}

function sum(vector: tf.Tensor): tf.Scalar {
  return call<tf.Scalar>('Sum', [vector, integerVector([0])])
}
