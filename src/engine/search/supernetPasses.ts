/** Which networks of the supernet a step runs (FasterSeg, section 4.2 and supplement: the sandwich of widest, narrowest and sampled widths). */
import type { SearchSpace } from '../../shared/architecture.js'
import { randomPlan, uniformPlan, type WidthPlan } from '../network/supernet/widthPlan.js'
import type { tf } from '../tensor/tf.js'
import type { NamedChoice } from './supernetTrainer.js'

/** Probabilities of alpha and beta as tensors. */
export interface Mixtures {
  alpha: tf.Tensor2D[]
  beta: tf.Tensor2D[]
}

function widest(space: SearchSpace): WidthPlan {
  return uniformPlan(space, space.widths.length - 1)
}

/**
 * Pretraining: the widest pass through the teacher's stem and heads, the narrowest and two random ones through the student's, or, where
 * `heads` is `teacher`, through the teacher's as well (published).
 */
export function pretrainPasses(
  space: SearchSpace, teacher: Mixtures, student: Mixtures, { seed, step, heads }: { seed: number; step: number; heads: 'both' | 'teacher' }
): NamedChoice[] {
  const passes: NamedChoice[] = [{ name: 'widest', choice: { role: 'teacher', ...teacher, widths: widest(space) } }]
  if (space.widths.length === 1) return passes
  const narrower = heads === 'both' ? ({ role: 'student', ...student } as const) : ({ role: 'teacher', ...teacher } as const)
  passes.push({ name: 'narrowest', choice: { ...narrower, widths: uniformPlan(space, 0) } })
  for (const draw of [1, 2]) {
    const widths = randomPlan(space, seed, `pretrain-widths-${draw}`, step)
    passes.push({ name: `random${draw}`, choice: { ...narrower, widths } })
  }
  return passes
}

/** Search: the teacher at its widest; the student at sampled, widest and narrowest widths. */
export function searchPasses(space: SearchSpace, teacher: Mixtures, student: Mixtures, sampled: WidthPlan): NamedChoice[] {
  const passes: NamedChoice[] = [
    { name: 'teacher', choice: { role: 'teacher', ...teacher, widths: widest(space) } },
    { name: 'student', choice: { role: 'student', ...student, widths: sampled } }
  ]
  if (space.widths.length === 1) return passes
  passes.push({ name: 'widest', choice: { role: 'student', ...student, widths: widest(space) } })
  passes.push({ name: 'narrowest', choice: { role: 'student', ...student, widths: uniformPlan(space, 0) } })
  return passes
}
