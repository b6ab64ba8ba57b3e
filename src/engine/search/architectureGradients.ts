/** Gradients of alpha, beta and gamma from the losses of an architecture step's passes; weights stand still. */
import type { ArchitectureLogits, SearchSpace } from '../../shared/architecture.js'
import { accumulate } from '../tensor/accumulate.js'
import { lossGradients } from '../tensor/gradients.js'
import { tf } from '../tensor/tf.js'
import { allTensors, architectureTensors, mixtures, type ArchitectureTensors } from './architectureTensors.js'
import type { SupernetBatch } from './supernetBatch.js'
import { searchPasses, type Mixtures } from './supernetPasses.js'
import { sampledWidths, type SearchStepPlan } from './supernetStep.js'
import type { NamedChoice, SupernetTrainer } from './supernetTrainer.js'
import { maskScores, publishedScores, softMaskScores } from './widthScores.js'

export interface ArchitectureGradients {
  losses: Record<string, number>
  /** Sums over the passes, in the layout of ArchitectureParameters: alpha 0..2, beta 0..1, gamma 0..2, row by row. */
  teacher: Float64Array
  student: Float64Array
}

/**
 * Runs the named passes one after the other over one batch. The passes of a weight step carry no scores of widths: gamma then gets no
 * gradient. Where `towardsWeights` is given, the gradients with respect to the weights are added to it, too; they are the caller's.
 */
export function architectureGradients(
  trainer: SupernetTrainer, batch: SupernetBatch, plan: SearchStepPlan, names: readonly string[], towardsWeights?: Map<string, tf.Tensor>
): ArchitectureGradients {
  const teacherTensors = architectureTensors(plan.teacher)
  const studentTensors = architectureTensors(plan.student)
  const found: ArchitectureGradients = { losses: {}, teacher: zeros(plan.teacher), student: zeros(plan.student) }
  const weights = towardsWeights ? [...trainer.weights.variables] : []
  try {
    for (const name of names) {
      const role = name === 'teacher' ? 'teacher' : 'student'
      const sources = allTensors(role === 'teacher' ? teacherTensors : studentTensors)
      const { loss, gradients } = lossGradients(() => {
        const { choice } = passNamed(name, trainer.supernet.space, plan, teacherTensors, studentTensors)
        return trainer.passLoss(batch, choice)
      }, [...sources, ...weights.map(([, variable]) => variable)])
      found.losses[name] = loss.dataSync()[0]
      const ofLogits = gradients.slice(0, sources.length)
      addInto(found[role], sources, ofLogits)
      if (towardsWeights) accumulate(towardsWeights, named(weights, gradients.slice(sources.length)))
      tf.dispose([loss, ...ofLogits.filter((gradient) => gradient !== null)])
    }
    return found
  } finally {
    tf.dispose([...allTensors(teacherTensors), ...allTensors(studentTensors)])
  }
}

function named(weights: readonly [string, tf.Tensor][], gradients: readonly (tf.Tensor | null)[]): Map<string, tf.Tensor> {
  return new Map(weights.flatMap(([name], index): [string, tf.Tensor][] => {
    const gradient = gradients[index]
    return gradient === null ? [] : [[name, gradient]]
  }))
}

/** The pass of that name, its mixtures on the tape; the sampled pass also carries the scores of its widths where the estimator wants them. */
function passNamed(name: string, space: SearchSpace, plan: SearchStepPlan, teacher: ArchitectureTensors, student: ArchitectureTensors): NamedChoice {
  const none: Mixtures = { alpha: [], beta: [] }
  const sampled = sampledWidths(plan)
  const passes = searchPasses(space, name === 'teacher' ? mixtures(teacher) : none, name === 'teacher' ? none : mixtures(student), sampled.plan)
  const pass = passes.find((candidate) => candidate.name === name)
  if (!pass) throw new Error(`no pass named ${name}`)
  if (name !== 'student' || plan.kind === 'weights') return pass
  const { widthEstimator, gumbelTemperature } = plan.estimator
  switch (widthEstimator) {
    case 'published':
      return { name, choice: { ...pass.choice, ...publishedScores(student.gamma, sampled.noise, sampled.plan, gumbelTemperature) } }
    case 'masks':
      return { name, choice: { ...pass.choice, ...maskScores(space, student.gamma, sampled.noise, sampled.plan, gumbelTemperature) } }
    case 'soft-masks':
      return { name, choice: { ...pass.choice, ...softMaskScores(space, student.gamma, sampled.noise, gumbelTemperature) } }
    case 'score-function':
      return pass
  }
}

/** Adds the gradients of `sources`, laid out one after the other; tables that the loss does not depend on add nothing. */
function addInto(sum: Float64Array, sources: readonly tf.Tensor[], gradients: readonly (tf.Tensor | null)[]): void {
  let offset = 0
  sources.forEach((source, index) => {
    gradients[index]?.dataSync().forEach((value, place) => (sum[offset + place] += value))
    offset += source.size
  })
}

function zeros({ alpha, beta, gamma }: ArchitectureLogits): Float64Array {
  return new Float64Array([...alpha, ...beta, ...gamma].flat(2).length)
}
