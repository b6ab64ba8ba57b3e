import { globalNorm } from './globalNorm.js'
import { call } from './native.js'
import { tf } from './tf.js'

/**
 * Scales all gradients by one factor so that their global norm is at most `limit`, as PyTorch's clip_grad_norm_. The map is changed in
 * place and replaced gradients are disposed. Below the limit nothing is multiplied.
 *
 * @returns the norm before clipping; NaN or infinite when a gradient is not finite, and then nothing is changed
 */
export function clipByGlobalNorm(gradients: Map<string, tf.Tensor>, limit: number): number {
  const norm = globalNorm(gradients.values())
  const factor = limit / (norm + 1e-6)
  if (!Number.isFinite(norm) || factor >= 1) return norm
  const scale = tf.scalar(factor)
  for (const [name, gradient] of gradients) {
    gradients.set(name, call('Mul', [gradient, scale]))
    gradient.dispose()
  }
  scale.dispose()
  return norm
}
