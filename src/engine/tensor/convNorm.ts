import { splitBatch } from './batchParts.js'
import { convolutionFilterGradient, convolutionInputGradient, convolve, type Stride } from './convolution.js'
import { keepAll, normaliseParts, normGradients, type NormOptions, type NormOutput } from './norm.js'
import { isRecording, record, share } from './tape.js'
import { tf } from './tf.js'

export interface ConvNormOptions extends NormOptions {
  stride: Stride
}

/**
 * Convolution, batch normalisation with the statistics of this batch, and ReLU if asked for: the layer that networks are made of, as one
 * tape node. Saved for the gradient: input, filter, scale, the convolution's output, its mean and variance, and the ReLU's output.
 *
 * @param x [N, H, W, I]
 * @param filter [k, k, I, O], see convolution
 * @param scale [O], gamma
 * @param offset [O], beta
 */
export function convNorm(x: tf.Tensor4D, filter: tf.Tensor4D, scale: tf.Tensor1D, offset: tf.Tensor1D, options: ConvNormOptions): NormOutput {
  const { stride, runs = 1 } = options
  const convolved = convolve(x, filter, stride)
  const parts = keepAll(runs === 1 ? [convolved] : splitBatch(convolved, runs))
  if (runs > 1) convolved.dispose()
  const { output, moments, saved } = normaliseParts(parts, scale, offset, options)
  if (isRecording()) {
    record({
      name: 'convNorm',
      inputs: { x, filter, scale, offset },
      output,
      saved: [share(x), share(filter), ...saved()],
      gradient: (dy, [x, filter, ...normSaved]) => {
        const gradients = normGradients(dy, normSaved, options)
        return {
          x: () => convolutionInputGradient(x.shape, filter, gradients.x, stride),
          filter: () => {
            const dFilter = convolutionFilterGradient(x, filter.shape, gradients.x, stride)
            // tfjs asks for the inputs in the order of `inputs`, so x was served before.
            gradients.x.dispose()
            return dFilter
          },
          scale: () => gradients.scale,
          offset: () => gradients.offset
        }
      }
    })
  } else {
    tf.dispose(saved())
  }
  return { output, moments }
}
