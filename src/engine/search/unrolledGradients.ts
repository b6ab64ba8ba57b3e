/**
 * The architecture's gradient of second order (DARTS, Liu et al. 2019, equations 7 and 8): the loss on half B is taken at the weights that
 * the next weight step on half A would give, and the architecture also answers for that step.
 *
 *   gradient = dB/da (w', a) - rate * d2A/da dw (w, a) . p
 *
 * w' is where the step leads with its momentum, decay and clipping; p is the gradient of B at w', carried back through the clipping. The
 * product is the difference of dA/da at w + e p and w - e p, divided by 2 e, with e = 0.01 / |p| (section 2.3 of DARTS).
 *
 * The widths of the step on half A are drawn, and a draw has no gradient: gamma gets what its estimator gives at w', and no more.
 */
import { globalNorm } from '../tensor/globalNorm.js'
import { sumOf } from '../tensor/sumOf.js'
import { share } from '../tensor/tape.js'
import { tf } from '../tensor/tf.js'
import { architectureGradients, type ArchitectureGradients } from './architectureGradients.js'
import { supernetBatch, type StepBatch, type SupernetBatch } from './supernetBatch.js'
import { passWidths, withWeightPasses, type ArchitectureStepPlan, type SearchWeightStep } from './supernetStep.js'
import type { SupernetTrainer } from './supernetTrainer.js'

/** How far the weights are moved aside for the product, in all (DARTS). */
const reach = 0.01

/**
 * For one thread: the weights of `trainer` are moved, and put back to the same bits.
 *
 * @param half batches of half A (weights) and half B (architecture)
 * @param learningRate of the weight step that follows
 */
export function unrolledGradients(
  trainer: SupernetTrainer, half: { architecture: StepBatch; weights: StepBatch }, plan: ArchitectureStepPlan, learningRate: number
): ArchitectureGradients {
  const { seed, step, teacher, student } = plan
  const [onA, onB] = [supernetBatch(half.weights), supernetBatch(half.architecture)]
  try {
    return unrolled(trainer, { onA, onB }, plan, { kind: 'weights', seed, step, teacher, student }, learningRate)
  } finally {
    tf.dispose([onA.images, onA.labels, onB.images, onB.labels])
  }
}

function unrolled(
  trainer: SupernetTrainer, { onA, onB }: { onA: SupernetBatch; onB: SupernetBatch }, plan: ArchitectureStepPlan, ahead: SearchWeightStep, learningRate: number
): ArchitectureGradients {
  const { space } = trainer.supernet
  const names = passWidths(space, plan).map(({ name }) => name)
  const weights = new MovedWeights(trainer.weights.variables)
  const stepA = withWeightPasses(space, ahead, names, (passes) => trainer.weightGradients(onA, passes)).gradients
  const towardsB = new Map<string, tf.Tensor>()
  try {
    const clipped = trainer.lookAhead(stepA, learningRate)
    const found = architectureGradients(trainer, onB, plan, names, towardsB)
    weights.putBack()
    throughClipping(towardsB, stepA, clipped)
    const length = globalNorm(towardsB.values())
    if (length === 0) return found
    const aside = (by: number): ArchitectureGradients => {
      weights.moveAlong(towardsB, by)
      const gradients = architectureGradients(trainer, onA, ahead, names)
      weights.putBack()
      return gradients
    }
    const [above, below] = [aside(reach / length), aside(-reach / length)]
    for (const role of ['teacher', 'student'] as const) {
      found[role].forEach((value, index) => {
        found[role][index] = value - (learningRate * (above[role][index] - below[role][index]) * length) / (2 * reach)
      })
    }
    return found
  } finally {
    weights.putBack()
    weights.dispose()
    tf.dispose([...stepA.values(), ...towardsB.values()])
  }
}

/** Weights that are moved for a while. */
class MovedWeights {
  private readonly before: Map<string, tf.Tensor>

  constructor(private readonly variables: ReadonlyMap<string, tf.Variable>) {
    this.before = new Map([...variables].map(([name, variable]) => [name, share(variable as tf.Tensor)]))
  }

  moveAlong(direction: ReadonlyMap<string, tf.Tensor>, by: number): void {
    for (const [name, vector] of direction) {
      const next = tf.tidy(() => tf.add(this.before.get(name) as tf.Tensor, tf.mul(vector, by)))
      this.variables.get(name)?.assign(next)
      next.dispose()
    }
  }

  putBack(): void {
    for (const [name, variable] of this.variables) variable.assign(this.before.get(name) as tf.Tensor)
  }

  dispose(): void {
    tf.dispose([...this.before.values()])
  }
}

/**
 * `towards`, a gradient by the weights after a step, becomes the gradient by the step's gradient, in place: weights that did not move in the
 * step are dropped; where the step was clipped to c g, c = limit / (|g| + 1e-6), it is c (towards - g (g . towards) / (|g| (|g| + 1e-6))).
 *
 * @param stepped c g, or g where nothing was clipped
 */
function throughClipping(towards: Map<string, tf.Tensor>, stepped: ReadonlyMap<string, tf.Tensor>, { norm, limit }: { norm: number; limit: number }): void {
  for (const [name, vector] of towards) {
    if (stepped.has(name)) continue
    vector.dispose()
    towards.delete(name)
  }
  const factor = limit / (norm + 1e-6)
  if (factor >= 1) return
  const along = innerProduct(towards, stepped) / (factor * norm * (norm + 1e-6))
  for (const [name, vector] of towards) {
    const carried = tf.tidy(() => tf.sub(tf.mul(vector, factor), tf.mul(stepped.get(name) as tf.Tensor, along)))
    towards.set(name, carried)
    vector.dispose()
  }
}

function innerProduct(one: ReadonlyMap<string, tf.Tensor>, other: ReadonlyMap<string, tf.Tensor>): number {
  const total = tf.tidy(() => sumOf([...one].map(([name, vector]) => tf.sum(tf.mul(vector, other.get(name) as tf.Tensor)))))
  const [sum] = total.dataSync()
  total.dispose()
  return sum
}
