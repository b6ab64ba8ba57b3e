/** Logits of one architecture as tensors for one pass: the tape's sources, and the mixtures that the supernet is run with. */
import type { ArchitectureLogits } from '../../shared/architecture.js'
import { tf } from '../tensor/tf.js'

/** Raw logits as tensors, in the order alpha 0..2, beta 0..1, gamma 0..2. */
export interface ArchitectureTensors {
  alpha: tf.Tensor2D[]
  beta: tf.Tensor2D[]
  gamma: tf.Tensor2D[]
}

export function architectureTensors(logits: ArchitectureLogits): ArchitectureTensors {
  const tensors = (tables: number[][][], columns: number): tf.Tensor2D[] => tables.map((table) => tf.tensor2d(table.flat(), [table.length, columns]))
  return {
    alpha: tensors(logits.alpha, logits.alpha[0][0].length),
    beta: tensors(logits.beta, 2),
    gamma: tensors(logits.gamma, logits.gamma[0][0].length)
  }
}

/** Probabilities of alpha and beta; on the tape where the logits are its sources. A table may have no rows (beta of 1/32 at three layers). */
export function mixtures(tensors: ArchitectureTensors): { alpha: tf.Tensor2D[]; beta: tf.Tensor2D[] } {
  const softened = (table: tf.Tensor2D): tf.Tensor2D => (table.shape[0] === 0 ? tf.clone(table) : tf.softmax(table))
  return { alpha: tensors.alpha.map(softened), beta: tensors.beta.map(softened) }
}

export function allTensors(tensors: ArchitectureTensors): tf.Tensor2D[] {
  return [...tensors.alpha, ...tensors.beta, ...tensors.gamma]
}
