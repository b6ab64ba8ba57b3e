/** The loss of one pass through the supernet: the plain sum of OHEM cross entropy over its predictions, each mined for itself. */
import { tf } from '../tensor/tf.js'
import { ohemCrossEntropy } from './ohem.js'
import type { OhemOptions } from './ohem.js'
import { pixelTargets } from './pixelTargets.js'
import type { PixelTargets } from './pixelTargets.js'

/** predictions: logits [N, H, W, C] each; labels [N, H, W] int32 of the same height and width, 255 ignored, or prepared by pixelTargets. */
export function supernetLoss(predictions: tf.Tensor4D[], labels: tf.Tensor3D | PixelTargets, options: OhemOptions): tf.Scalar {
  return tf.tidy(() => {
    const targets = 'weights' in labels ? labels : pixelTargets(labels, options.classWeights)
    return tf.addN(predictions.map((prediction) => ohemCrossEntropy(prediction, targets, options)))
  })
}
