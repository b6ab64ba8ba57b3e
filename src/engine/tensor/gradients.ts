import { backward, deliver, type GradientTaker } from './backward.js'
import { recordTape } from './tape.js'
import type { tf } from './tf.js'

export interface LossGradients {
  loss: tf.Scalar
  /** In the order of the sources; null where the loss does not depend on the source. */
  gradients: (tf.Tensor | null)[]
}

/**
 * The value of `loss` and its gradients with respect to `sources`, which may be variables or plain tensors. The caller disposes what it
 * gets. In two things it differs from tf.variableGrads:
 *
 * - A loss need not depend on every source: a pass through a supernet touches only a part of the weights.
 * - Whatever the walk back has used is disposed at once: the maps that a layer saved, and the gradient of its output. tfjs keeps all of
 *   them to the end, about twice the memory at the peak.
 */
export function lossGradients(loss: () => tf.Scalar, sources: tf.Tensor[]): LossGradients {
  const { value, tape } = recordTape(loss)
  try {
    return { loss: value, gradients: backward(tape, value, sources) }
  } catch (thrown) {
    value.dispose()
    throw thrown
  }
}

/**
 * The value of `loss`; the gradients go, one for every use, to the takers, which are asked for by their sources' ids once the loss is known.
 * No gradient of a source is held longer than its taker runs.
 */
export function deliverGradients(loss: () => tf.Scalar, takers: () => ReadonlyMap<number, GradientTaker>): tf.Scalar {
  const { value, tape } = recordTape(loss)
  try {
    deliver(tape, value, takers())
    return value
  } catch (thrown) {
    value.dispose()
    throw thrown
  }
}
