import { convolution, type Stride } from './convolution.js'
import { attribute, call, callMany, type Attribute } from './native.js'
import type { NormOptions } from './norm.js'
import { isRecording, record, share } from './tape.js'
import { tf } from './tf.js'

/** Statistics that a network gathered in training, each [C]. */
export interface NormStatistics {
  mean: tf.Tensor1D
  variance: tf.Tensor1D
}

/**
 * Batch normalisation with given statistics (inference), then ReLU if asked for. Differentiable in x, scale and offset.
 *
 * @param x [N, H, W, C]
 */
export function normEval(
  x: tf.Tensor4D, scale: tf.Tensor1D, offset: tf.Tensor1D, { mean, variance }: NormStatistics, { relu, epsilon = 1e-5 }: NormOptions
): tf.Tensor4D {
  const outputs = callMany('FusedBatchNormV3', [x, scale, offset, mean, variance], 6, attributesOf(epsilon))
  const output = relu ? call('Relu', [outputs[0]]) : outputs[0]
  tf.dispose(relu ? outputs : outputs.slice(1))
  if (isRecording()) {
    record({
      name: 'normEval',
      inputs: { x, scale, offset },
      output,
      saved: [x, scale, mean, variance, ...(relu ? [output] : [])].map((tensor) => share(tensor)),
      gradient: (dy, saved) => {
        const gradients = normEvalGradients(dy, saved, epsilon)
        return { x: () => gradients[0], scale: () => gradients[1], offset: () => gradients[2] }
      }
    })
  }
  return output as tf.Tensor4D
}

/** Convolution, then normEval. */
export function convNormEval(
  x: tf.Tensor4D, filter: tf.Tensor4D, scale: tf.Tensor1D, offset: tf.Tensor1D, statistics: NormStatistics,
  { stride, ...options }: NormOptions & { stride: Stride }
): tf.Tensor4D {
  const convolved = convolution(x, filter, { stride })
  const output = normEval(convolved, scale, offset, statistics, options)
  convolved.dispose()
  return output
}

function normEvalGradients(dy: tf.Tensor, saved: tf.Tensor[], epsilon: number): tf.Tensor[] {
  const [x, scale, mean, variance, rectified] = saved
  const dNormalised = rectified === undefined ? dy : call('ReluGrad', [dy, rectified])
  // The sixth input is read in training only; any float vector will do.
  const gradients = callMany('FusedBatchNormGradV3', [dNormalised, x, scale, mean, variance, mean], 5, attributesOf(epsilon))
  tf.dispose(gradients.slice(3))
  if (dNormalised !== dy) dNormalised.dispose()
  return gradients
}

const attributes = new Map<number, Attribute[]>()

function attributesOf(epsilon: number): Attribute[] {
  let found = attributes.get(epsilon)
  if (found === undefined) {
    found = [attribute.float('epsilon', epsilon), attribute.boolean('is_training', false)]
    attributes.set(epsilon, found)
  }
  return found
}
