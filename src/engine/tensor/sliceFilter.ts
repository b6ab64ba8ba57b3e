import { integerVector, paddings } from './constants.js'
import { call } from './native.js'
import { isRecording, record } from './tape.js'
import type { tf } from './tf.js'

const origin = [0, 0, 0, 0]

/**
 * The leading channels of a slimmable filter. At full width the filter itself is returned, not a copy: do not dispose the result then.
 *
 * @param filter [k, k, I, O]
 * @returns [k, k, inChannels, outChannels]
 */
export function sliceFilter(filter: tf.Tensor4D, inChannels: number, outChannels: number): tf.Tensor4D {
  const [, , fullIn, fullOut] = filter.shape
  const output = cutFilter(filter, inChannels, outChannels)
  if (output !== filter && isRecording()) {
    const rest = paddings([[0, 0], [0, 0], [0, fullIn - inChannels], [0, fullOut - outChannels]])
    record({
      name: 'sliceFilter',
      inputs: { filter },
      output,
      saved: [],
      gradient: (dy) => ({ filter: () => call('Pad', [dy, rest]) })
    })
  }
  return output
}

/** The same, not recorded: for the tape the result is a source of its own. */
export function cutFilter(filter: tf.Tensor4D, inChannels: number, outChannels: number): tf.Tensor4D {
  const [height, width, fullIn, fullOut] = filter.shape
  if (inChannels === fullIn && outChannels === fullOut) return filter
  return call<tf.Tensor4D>('Slice', [filter, integerVector(origin), integerVector([height, width, inChannels, outChannels])])
}
