import { emptyVector } from './constants.js'
import { attribute, call, callMany, type Attribute } from './native.js'
import { isRecording, record, share } from './tape.js'
import { tf } from './tf.js'

export interface NormOptions {
  /** Whether max(0, .) follows. */
  relu: boolean
  epsilon?: number
}

/** What batch normalisation in training gives. */
export interface NormOutput {
  output: tf.Tensor4D
  /** Mean over batch, height and width, [C]. Not differentiable. */
  mean: tf.Tensor1D
  /** Unbiased variance (n - 1), [C], as PyTorch puts it into the running variance. Not differentiable. */
  variance: tf.Tensor1D
}

/**
 * Batch normalisation with the statistics of this batch (the biased variance normalises), then ReLU if asked for. One tape node.
 *
 * @param x [N, H, W, C]
 * @param scale [C], gamma
 * @param offset [C], beta
 */
export function norm(x: tf.Tensor4D, scale: tf.Tensor1D, offset: tf.Tensor1D, { relu, epsilon = 1e-5 }: NormOptions): NormOutput {
  const { output, mean, variance, reserve } = normalise(x, scale, offset, relu, epsilon)
  if (isRecording()) {
    record({
      name: 'norm',
      inputs: { x, scale, offset },
      output,
      saved: [share(x), share(scale), ...keepAll(reserve), ...(relu ? [share(output)] : [])],
      gradient: (dy, saved) => {
        const gradients = normGradients(dy, saved, epsilon)
        return { x: () => gradients.x, scale: () => gradients.scale, offset: () => gradients.offset }
      }
    })
  } else {
    tf.dispose(reserve)
  }
  return { output, mean, variance }
}

/** The three reserve spaces of FusedBatchNormV3: saved mean, saved variance, and what cuDNN wants to see again. */
type Reserve = [tf.Tensor, tf.Tensor, tf.Tensor]

/** The computation alone, not recorded. */
export function normalise(
  x: tf.Tensor4D, scale: tf.Tensor1D, offset: tf.Tensor1D, relu: boolean, epsilon: number
): NormOutput & { reserve: Reserve } {
  const none = emptyVector()
  const [normalised, mean, variance, ...reserve] = callMany('FusedBatchNormV3', [x, scale, offset, none, none], 6, attributesOf(epsilon))
  return {
    output: (relu ? rectified(normalised) : normalised) as tf.Tensor4D,
    mean: mean as tf.Tensor1D,
    variance: variance as tf.Tensor1D,
    reserve: reserve as Reserve
  }
}

/** Gradients of `normalise`; `saved` is [x, scale, ...reserve] and, after a ReLU, its output. */
export function normGradients(dy: tf.Tensor, saved: tf.Tensor[], epsilon: number): Record<'x' | 'scale' | 'offset', tf.Tensor> {
  const [x, scale, mean, variance, extra, rectifiedOutput] = saved
  const dNormalised = rectifiedOutput === undefined ? dy : call('ReluGrad', [dy, rectifiedOutput])
  const inputs = [dNormalised, x, scale, mean, variance, extra]
  const [dx, dScale, dOffset, unused1, unused2] = callMany('FusedBatchNormGradV3', inputs, 5, attributesOf(epsilon))
  tf.dispose([unused1, unused2])
  if (dNormalised !== dy) dNormalised.dispose()
  return { x: dx, scale: dScale, offset: dOffset }
}

/** Keeps intermediate results for the gradient; the tape disposes them. */
export function keepAll<T extends tf.Tensor>(tensors: T[]): T[] {
  return tensors.map((tensor) => tf.keep(tensor))
}

function rectified(x: tf.Tensor): tf.Tensor {
  const output = call('Relu', [x])
  x.dispose()
  return output
}

const attributes = new Map<number, Attribute[]>()

function attributesOf(epsilon: number): Attribute[] {
  let found = attributes.get(epsilon)
  if (found === undefined) {
    found = [attribute.float('epsilon', epsilon), attribute.boolean('is_training', true)]
    attributes.set(epsilon, found)
  }
  return found
}
