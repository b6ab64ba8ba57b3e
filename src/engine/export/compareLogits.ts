/** How close an exported model's logits are to the network's own. */
import type { MapShape } from '../../shared/networkGraph.js'

export interface LogitsComparison {
  largestDifference: number
  /** The largest difference, divided by the largest absolute logit of the reference. */
  largestRelativeDifference: number
  /** Fraction of the pixels whose largest logit is the same class's. */
  argmaxAgreement: number
}

/** Where logit `channel` of pixel `pixel` lies in a flat array. */
export type LogitsLayout = 'NHWC' | 'NCHW'

/** Compares one image's logits; `reference` is NHWC, `found` is in `layout`, both of `shape` with batch 1. A number that is not finite differs by Infinity. */
export function compareLogits(reference: Float32Array, found: Float32Array, shape: MapShape, layout: LogitsLayout): LogitsComparison {
  const { channels } = shape
  const pixels = shape.height * shape.width
  const [pixelStep, channelStep] = layout === 'NHWC' ? [channels, 1] : [1, pixels]
  let largestDifference = found.length === reference.length ? 0 : Infinity
  let largestLogit = 0
  let agreeing = 0
  for (let pixel = 0; pixel < pixels; pixel++) {
    let best = 0
    let foundBest = 0
    for (let channel = 0; channel < channels; channel++) {
      const expected = reference[pixel * channels + channel]
      const value = found[pixel * pixelStep + channel * channelStep]
      const difference = Math.abs(value - expected)
      if (!(difference <= largestDifference)) largestDifference = Number.isNaN(difference) ? Infinity : difference
      largestLogit = Math.max(largestLogit, Math.abs(expected))
      if (expected > reference[pixel * channels + best]) best = channel
      if (value > found[pixel * pixelStep + foundBest * channelStep]) foundBest = channel
    }
    if (best === foundBest) agreeing++
  }
  const largestRelativeDifference = largestDifference === 0 ? 0 : largestDifference / largestLogit
  return { largestDifference, largestRelativeDifference, argmaxAgreement: agreeing / pixels }
}
