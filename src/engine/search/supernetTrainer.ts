/**
 * Weight steps of the supernet: the passes of a step run one after the other over the same batch, their gradients add up, and one SGD
 * update follows. Pretraining and search differ only in which passes they run.
 */
import { clipByGlobalNorm } from '../tensor/clipByGlobalNorm.js'
import { accumulate } from '../tensor/accumulate.js'
import type { GradientTaker } from '../tensor/backward.js'
import { deliverGradients, lossGradients } from '../tensor/gradients.js'
import type { GradientSum } from '../tensor/gradientSum.js'
import { SgdMomentum } from '../tensor/sgdMomentum.js'
import { tf } from '../tensor/tf.js'
import type { OhemOptions } from '../loss/ohem.js'
import { supernetLoss } from '../loss/supernetLoss.js'
import { Pass } from '../network/pass.js'
import type { Supernet, SupernetChoice } from '../network/supernet/supernet.js'
import type { WeightStore } from '../network/weightStore.js'
import type { SupernetBatch } from './supernetBatch.js'

export interface NamedChoice {
  /** Such as `teacher`, `student`, `widest`, `narrowest`: the name of the pass's loss in the journal. */
  name: string
  choice: SupernetChoice
}

export interface WeightStepResult {
  /** Loss of each pass, by name. */
  losses: Record<string, number>
  /** Whether all numbers were finite and the step was applied. */
  applied: boolean
}

export interface WeightGradients {
  losses: Record<string, number>
  /** By weight; weights that no pass used are absent. Owned by whoever gets them. */
  gradients: Map<string, tf.Tensor>
}

export class SupernetTrainer {
  readonly optimizer: SgdMomentum

  constructor(
    readonly supernet: Supernet,
    readonly weights: WeightStore,
    readonly lossOptions: OhemOptions,
    readonly options: { momentum: number; weightDecay: number; clipNorm: number }
  ) {
    this.optimizer = new SgdMomentum(options)
  }

  /** The loss of one pass on one batch: the sum of OHEM cross entropy over all predictions. Batch norms use this batch's moments. */
  passLoss(batch: SupernetBatch, choice: SupernetChoice, pass = new Pass(this.weights, 'train', null)): tf.Scalar {
    const logits = this.supernet.forward(pass, batch.images, choice)
    return supernetLoss([...logits.values()], batch.labels, this.lossOptions)
  }

  /** Losses of the passes, run one after the other over the same batch, and the sum of their gradients with respect to the weights. */
  weightGradients(batch: SupernetBatch, passes: readonly NamedChoice[]): WeightGradients {
    const names = [...this.weights.variables.keys()]
    const variables = [...this.weights.variables.values()]
    const gradients = new Map<string, tf.Tensor>()
    const losses: Record<string, number> = {}
    for (const { name, choice } of passes) {
      const result = lossGradients(() => this.passLoss(batch, choice), variables)
      losses[name] = result.loss.dataSync()[0]
      result.loss.dispose()
      const named = new Map<string, tf.Tensor>()
      result.gradients.forEach((gradient, index) => gradient && named.set(names[index], gradient))
      accumulate(gradients, named)
    }
    return { losses, gradients }
  }

  /** The same gradients, each added to `sum` as soon as it is known and then dropped. @returns the losses */
  addWeightGradients(batch: SupernetBatch, passes: readonly NamedChoice[], sum: GradientSum): Record<string, number> {
    const losses: Record<string, number> = {}
    for (const { name, choice } of passes) {
      const reads = new Map<number, string>()
      const takers = (): Map<number, GradientTaker> => new Map(Array.from(reads, ([id, weight]) => [id, (gradient) => sum.add(weight, gradient)]))
      const loss = deliverGradients(() => this.passLoss(batch, choice, new Pass(this.weights, 'train', null, reads)), takers)
      losses[name] = loss.dataSync()[0]
      loss.dispose()
    }
    return losses
  }

  /** Clips and applies what the passes of a step came to; the gradients are disposed. */
  applyGradients({ losses, gradients }: WeightGradients, learningRate: number): WeightStepResult {
    const norm = clipByGlobalNorm(gradients, this.gradientLimit())
    const applied = Number.isFinite(norm) && Object.values(losses).every(Number.isFinite)
    if (applied) this.optimizer.apply(this.weights.variables, gradients, learningRate)
    tf.dispose([...gradients.values()])
    return { losses, applied }
  }

  /**
   * Clips the gradients in place and moves the weights as a step would, but the optimizer forgets it. The caller puts the weights back.
   *
   * @returns the gradients' norm before they were clipped, and the limit
   */
  lookAhead(gradients: Map<string, tf.Tensor>, learningRate: number): { norm: number; limit: number } {
    const limit = this.gradientLimit()
    const norm = clipByGlobalNorm(gradients, limit)
    this.optimizer.lookAhead(this.weights.variables, gradients, learningRate)
    return { norm, limit }
  }

  private gradientLimit(): number {
    return this.options.clipNorm > 0 ? this.options.clipNorm : Number.MAX_VALUE
  }

  dispose(): void {
    this.optimizer.dispose()
    this.weights.dispose()
  }
}
