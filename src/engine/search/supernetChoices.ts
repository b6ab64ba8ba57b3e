/** The networks within the supernet that are judged: as it is mixed now, and as it would be derived now. */
import { argmax } from '../../core/argmax.js'
import { mostProbablePath } from '../../core/derivation/mostProbablePath.js'
import { betaRow, hasTwoPredecessors } from '../../core/lattice.js'
import { operators, type ArchitectureLogits, type Operator, type SearchSpace } from '../../shared/architecture.js'
import type { Role } from '../network/supernet/layout.js'
import type { SupernetChoice } from '../network/supernet/supernet.js'
import { argmaxPlan, uniformPlan, type WidthPlan } from '../network/supernet/widthPlan.js'
import { tf } from '../tensor/tf.js'
import { architectureTensors, allTensors, mixtures } from './architectureTensors.js'

/** Soft mixtures, likeliest widths. The caller disposes alpha and beta with `disposeChoice`. */
export function mixedChoice(space: SearchSpace, role: Role, logits: ArchitectureLogits): SupernetChoice {
  const tensors = architectureTensors(logits)
  const { alpha, beta } = mixtures(tensors)
  tf.dispose(allTensors(tensors))
  return { role, alpha, beta, widths: widthsOf(space, role, logits) }
}

/** One operator a cell, one predecessor a cell (that of the most probable paths, on which derivation goes), the likeliest widths. */
export function derivedChoice(space: SearchSpace, role: Role, logits: ArchitectureLogits): SupernetChoice {
  const hardened = (tables: number[][][]): number[][][] => tables.map((rows) => rows.map(oneHot))
  const tensors = (tables: number[][][]): tf.Tensor2D[] => tables.map((rows) => tf.tensor2d(rows.flat(), [rows.length, rows.length === 0 ? 2 : rows[0].length]))
  return {
    role,
    alpha: tensors(hardened(logits.alpha)),
    beta: tensors(hardened(logits.beta)),
    widths: widthsOf(space, role, logits),
    chosen: logits.alpha.map((rows) => rows.map((row): Operator => operators[argmax(row)])),
    predecessors: pathPredecessors(space, logits.beta)
  }
}

/** Of cells on no path the likelier predecessor; nothing that is judged depends on them. */
function pathPredecessors(space: SearchSpace, beta: number[][][]): number[][] {
  const predecessors = beta.map((rows) => rows.map(argmax))
  for (const finalRow of [0, 1, 2]) {
    mostProbablePath(space, beta, finalRow).forEach((row, layer, path) => {
      if (hasTwoPredecessors(layer, row)) predecessors[row - 1][betaRow(layer, row)] = path[layer - 1] < row ? 0 : 1
    })
  }
  return predecessors
}

export function disposeChoice(choice: SupernetChoice): void {
  tf.dispose([...choice.alpha, ...choice.beta])
}

/** Likeliest widths; the teacher's are not searched, its maps are the widest. */
function widthsOf(space: SearchSpace, role: Role, logits: ArchitectureLogits): WidthPlan {
  return role === 'teacher' ? uniformPlan(space, space.widths.length - 1) : argmaxPlan(logits.gamma)
}

function oneHot(row: number[]): number[] {
  const best = argmax(row)
  return row.map((_, index) => (index === best ? 1 : 0))
}
