/**
 * How the segmentation loss reaches gamma through the tape. Three of the four estimators live here; the fourth, the score function, needs
 * no tape (scoreFunction.ts). All start from the Gumbel-softmax sample y = softmax((log p + g) / temperature).
 */
import { channels, scales, type SearchSpace } from '../../shared/architecture.js'
import { tf } from '../tensor/tf.js'
import { unstackRows } from '../tensor/unstackRows.js'
import type { WidthScores } from '../network/supernet/supernet.js'
import { uniformPlan, type WidthPlan } from '../network/supernet/widthPlan.js'

export interface ScoredWidths {
  widths: WidthPlan
  scores: WidthScores
}

/** The Gumbel-softmax sample of every table: [rows, widths]. */
function gumbelSoftmax(gamma: tf.Tensor2D[], noise: number[][][], temperature: number): tf.Tensor2D[] {
  return gamma.map((table, t) => tf.softmax(tf.div(tf.add(tf.logSoftmax(table), tf.tensor2d(noise[t].flat(), table.shape)), temperature)))
}

/** A factor whose value is 1 and whose gradient is y's (straight-through). */
function straightThrough<T extends tf.Tensor>(y: T): T {
  return tf.add(tf.sub(y, stopGradient(y)), 1)
}

/** The same values, cut off from the tape. */
function stopGradient<T extends tf.Tensor>(y: T): T {
  return tf.tensor(y.dataSync(), y.shape) as T
}

/** Published: the selected entry of the one-hot sample multiplies the map wherever the width is used, straight through. */
export function publishedScores(gamma: tf.Tensor2D[], noise: number[][][], widths: WidthPlan, temperature: number): ScoredWidths {
  const rows = gumbelSoftmax(gamma, noise, temperature).map(unstackRows)
  return {
    widths,
    scores: {
      scalar: (table, index) => straightThrough(tf.slice(rows[table][index], [widths[table][index]], [1]).asScalar())
    }
  }
}

/** Channels up to width k belong to all widths from k on: the mask of channel c is the sum of y over the widths that include c. */
function channelMask(space: SearchSpace, table: number, y: tf.Tensor1D, mapChannels: number): tf.Tensor1D {
  const counts = space.widths.map((width) => channels(scales[table], space.baseWidth, width))
  const includes = counts.map((count) => Array.from({ length: mapChannels }, (_, c) => (c < count ? 1 : 0)))
  return tf.dot(y, tf.tensor2d(includes)) as tf.Tensor1D
}

/** The sampled width runs; each of its channels is multiplied by the straight-through probability of a width that includes it. */
export function maskScores(space: SearchSpace, gamma: tf.Tensor2D[], noise: number[][][], widths: WidthPlan, temperature: number): ScoredWidths {
  const rows = gumbelSoftmax(gamma, noise, temperature).map(unstackRows)
  return {
    widths,
    scores: { mask: (table, index, count) => straightThrough(channelMask(space, table, rows[table][index], count)) }
  }
}

/** The widest map runs under the soft mask (FBNetV2, Wan et al. 2020). */
export function softMaskScores(space: SearchSpace, gamma: tf.Tensor2D[], noise: number[][][], temperature: number): ScoredWidths {
  const rows = gumbelSoftmax(gamma, noise, temperature).map(unstackRows)
  return {
    widths: uniformPlan(space, space.widths.length - 1),
    scores: { mask: (table, index, count) => channelMask(space, table, rows[table][index], count) }
  }
}
