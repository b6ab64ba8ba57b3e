/**
 * One architecture step (FasterSeg, section 3.4; DARTS, first order): gradients of alpha, beta and gamma of teacher and student from the
 * losses of all passes on a batch of half B, plus the student's latency term; then Adam. Weights do not move.
 */
import { accumulate } from '../tensor/accumulate.js'
import { lossGradients } from '../tensor/gradients.js'
import { tf } from '../tensor/tf.js'
import type { ArchitectureLogits } from '../../shared/architecture.js'
import type { Settings } from '../../shared/config/settings.js'
import { gumbelPlan, type WidthPlan } from '../network/supernet/widthPlan.js'
import type { ArchitectureAdam } from './architectureAdam.js'
import type { ArchitectureParameters } from './architectureParameters.js'
import { allTensors, architectureTensors, mixtures, type ArchitectureTensors } from './architectureTensors.js'
import { scoreFunctionGradient } from './scoreFunction.js'
import type { SupernetBatch } from './supernetBatch.js'
import { searchPasses, type Mixtures } from './supernetPasses.js'
import type { NamedChoice, SupernetTrainer } from './supernetTrainer.js'
import { maskScores, publishedScores, softMaskScores } from './widthScores.js'

/** The architecture of one network with its optimizer. */
export interface SearchedNetwork {
  parameters: ArchitectureParameters
  adam: ArchitectureAdam
}

export interface ArchitectureStepInput {
  trainer: SupernetTrainer
  batch: SupernetBatch
  teacher: SearchedNetwork
  student: SearchedNetwork
  /** Gradient of the student's latency term, already weighted by lambda; laid out as the logits. */
  latencyGradient: ArchitectureLogits
  settings: Settings['search']
  seed: number
  step: number
}

export interface ArchitectureStepResult {
  losses: Record<string, number>
  applied: boolean
}

export function architectureStep(input: ArchitectureStepInput): ArchitectureStepResult {
  const { teacher, student, settings, step } = input
  const teacherTensors = architectureTensors(teacher.parameters.logits())
  const studentTensors = architectureTensors(student.parameters.logits())
  try {
    const sampled = gumbelPlan(student.parameters.logits().gamma, input.seed, 2 * step + 1)
    const losses: Record<string, number> = {}
    const gradients = { teacher: new Map<string, tf.Tensor>(), student: new Map<string, tf.Tensor>() }
    for (const name of passNames(input)) {
      const role = name === 'teacher' ? 'teacher' : 'student'
      const sources = allTensors(role === 'teacher' ? teacherTensors : studentTensors)
      const result = lossGradients(() => {
        const { choice } = passNamed(name, input, teacherTensors, studentTensors, sampled)
        return input.trainer.passLoss(input.batch, choice)
      }, sources)
      losses[name] = result.loss.dataSync()[0]
      result.loss.dispose()
      accumulate(gradients[role], namedByPosition(result.gradients))
    }
    const teacherGradient = readGradient(teacher.parameters, gradients.teacher, teacherTensors)
    const studentGradient = readGradient(student.parameters, gradients.student, studentTensors)
    addInto(studentGradient, student.parameters.flatten(input.latencyGradient))
    if (settings.widthEstimator === 'score-function' && losses.narrowest !== undefined) {
      const gamma = scoreFunctionGradient(student.parameters.logits().gamma, sampled.plan, losses.student, [losses.narrowest, losses.widest])
      const { alpha, beta } = student.parameters.unflatten(new Float64Array(student.parameters.values.length))
      addInto(studentGradient, student.parameters.flatten({ alpha, beta, gamma }))
    }
    tf.dispose([...gradients.teacher.values(), ...gradients.student.values()])
    const applied = [...teacherGradient, ...studentGradient].every(Number.isFinite) && Object.values(losses).every(Number.isFinite)
    if (applied) {
      teacher.adam.apply(teacher.parameters.values, teacherGradient, settings.architectureLearningRate, step)
      student.adam.apply(student.parameters.values, studentGradient, settings.architectureLearningRate, step)
    }
    return { losses, applied }
  } finally {
    tf.dispose([...allTensors(teacherTensors), ...allTensors(studentTensors)])
  }
}

function passNames(input: ArchitectureStepInput): string[] {
  return input.trainer.supernet.space.widths.length === 1 ? ['teacher', 'student'] : ['teacher', 'student', 'widest', 'narrowest']
}

/** The pass of that name, its mixtures on the tape; the sampled pass also carries the scores of its widths where the estimator wants them. */
function passNamed(
  name: string, input: ArchitectureStepInput, teacher: ArchitectureTensors, student: ArchitectureTensors, sampled: { plan: WidthPlan; noise: number[][][] }
): NamedChoice {
  const { space } = input.trainer.supernet
  const none: Mixtures = { alpha: [], beta: [] }
  const passes = searchPasses(space, name === 'teacher' ? mixtures(teacher) : none, name === 'teacher' ? none : mixtures(student), sampled.plan)
  const pass = passes.find((candidate) => candidate.name === name)
  if (!pass) throw new Error(`no pass named ${name}`)
  if (name !== 'student') return pass
  const { widthEstimator, gumbelTemperature } = input.settings
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

function namedByPosition(gradients: (tf.Tensor | null)[]): Map<string, tf.Tensor> {
  const named = new Map<string, tf.Tensor>()
  gradients.forEach((gradient, index) => gradient && named.set(String(index), gradient))
  return named
}

/** The summed gradients as one vector in the parameters' layout; tables that no loss depends on are zero. */
function readGradient(parameters: ArchitectureParameters, gradients: ReadonlyMap<string, tf.Tensor>, tensors: ArchitectureTensors): Float64Array {
  const vector = new Float64Array(parameters.values.length)
  let offset = 0
  allTensors(tensors).forEach((table, index) => {
    const gradient = gradients.get(String(index))
    if (gradient) vector.set(gradient.dataSync(), offset)
    offset += table.size
  })
  return vector
}

function addInto(into: Float64Array, vector: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] += vector[i]
}
