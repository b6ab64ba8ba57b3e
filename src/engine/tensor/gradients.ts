import { tf } from './tf.js'

export interface LossGradients {
  loss: tf.Scalar
  /** In the order of the sources; null where the loss does not depend on the source. */
  gradients: (tf.Tensor | null)[]
}

/**
 * The value of `loss` and its gradients with respect to `sources`, which may be variables or plain tensors. Unlike tf.variableGrads it
 * lets a loss not depend on a source: a pass through a supernet touches only a part of the weights. The caller disposes what it gets.
 */
export function lossGradients(loss: () => tf.Scalar, sources: tf.Tensor[]): LossGradients {
  const { value, grads } = tf.engine().gradients(loss, sources, undefined, true)
  return { loss: value as tf.Scalar, gradients: grads.map((gradient) => (gradient as tf.Tensor | undefined) ?? null) }
}
