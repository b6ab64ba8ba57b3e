/**
 * One architecture step (FasterSeg, section 3.4; DARTS, first order): gradients of alpha, beta and gamma of teacher and student from the
 * losses of all passes on a batch of half B, plus the student's latency term; then Adam. Weights do not move.
 */
import type { ArchitectureLogits } from '../../shared/architecture.js'
import type { Settings } from '../../shared/config/settings.js'
import type { ArchitectureAdam } from './architectureAdam.js'
import type { ArchitectureGradients } from './architectureGradients.js'
import type { ArchitectureParameters } from './architectureParameters.js'
import { scoreFunctionGradient } from './scoreFunction.js'
import { sampledWidths, type ArchitectureStepPlan } from './supernetStep.js'

/** The architecture of one network with its optimizer. */
export interface SearchedNetwork {
  parameters: ArchitectureParameters
  adam: ArchitectureAdam
}

export interface SearchedNetworks {
  teacher: SearchedNetwork
  student: SearchedNetwork
}

/** What step `step` of the search is to compute, as plain data. */
export function architectureStepPlan({ teacher, student }: SearchedNetworks, settings: Settings['search'], seed: number, step: number): ArchitectureStepPlan {
  const { widthEstimator, gumbelTemperature } = settings
  return {
    kind: 'architecture',
    seed,
    step,
    teacher: teacher.parameters.logits(),
    student: student.parameters.logits(),
    estimator: { widthEstimator, gumbelTemperature }
  }
}

/**
 * Moves both architectures by what their passes came to. `latencyGradient` is that of the student's latency term, already weighted by
 * lambda and laid out as the logits.
 *
 * @returns whether all numbers were finite and the step was applied
 */
export function moveArchitectures(
  { teacher, student }: SearchedNetworks, plan: ArchitectureStepPlan, found: ArchitectureGradients, latencyGradient: ArchitectureLogits, learningRate: number
): boolean {
  const { losses } = found
  const studentGradient = Float64Array.from(found.student)
  addInto(studentGradient, student.parameters.flatten(latencyGradient))
  if (plan.estimator.widthEstimator === 'score-function' && losses.narrowest !== undefined) {
    const gamma = scoreFunctionGradient(plan.student.gamma, sampledWidths(plan).plan, losses.student, [losses.narrowest, losses.widest])
    const { alpha, beta } = student.parameters.unflatten(new Float64Array(student.parameters.values.length))
    addInto(studentGradient, student.parameters.flatten({ alpha, beta, gamma }))
  }
  const finite = [...found.teacher, ...studentGradient].every(Number.isFinite) && Object.values(losses).every(Number.isFinite)
  if (finite) {
    teacher.adam.apply(teacher.parameters.values, found.teacher, learningRate, plan.step)
    student.adam.apply(student.parameters.values, studentGradient, learningRate, plan.step)
  }
  return finite
}

function addInto(into: Float64Array, vector: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] += vector[i]
}
