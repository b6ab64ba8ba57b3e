import { call } from './native.js'
import type { tf } from './tf.js'

/**
 * Adds `gradients` to `into`, name by name. Takes the gradients over: a new name moves in, a known one is added and disposed.
 * Gradients that must outlive a tidy have to be kept by the caller.
 */
export function accumulate(into: Map<string, tf.Tensor>, gradients: Map<string, tf.Tensor>): void {
  for (const [name, gradient] of gradients) {
    const sum = into.get(name)
    if (sum === undefined) {
      into.set(name, gradient)
      continue
    }
    into.set(name, call('AddV2', [sum, gradient]))
    sum.dispose()
    gradient.dispose()
  }
}
