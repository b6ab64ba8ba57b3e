/**
 * A step of the supernet as plain data: which passes it runs and with what. Whoever gets it (this thread or another one) makes the same
 * passes from it.
 */
import type { ArchitectureLogits, SearchSpace } from '../../shared/architecture.js'
import type { Settings } from '../../shared/config/settings.js'
import { gumbelPlan, type WidthPlan } from '../network/supernet/widthPlan.js'
import { tf } from '../tensor/tf.js'
import { ArchitectureParameters } from './architectureParameters.js'
import { allTensors, architectureTensors, mixtures } from './architectureTensors.js'
import { pretrainPasses, searchPasses } from './supernetPasses.js'
import type { NamedChoice } from './supernetTrainer.js'

interface Draw {
  seed: number
  step: number
}

/** A step of pretraining: uniform mixtures. */
export type PretrainStep = Draw & { kind: 'pretrain'; heads: Settings['pretrain']['heads'] }

/** A weight step of the search, under the architectures as they are. */
export type SearchWeightStep = Draw & { kind: 'weights'; teacher: ArchitectureLogits; student: ArchitectureLogits }

/** What an architecture step needs of the architectures and of the estimator of gamma's gradient. */
export type ArchitectureStepPlan = Draw & {
  kind: 'architecture'
  teacher: ArchitectureLogits
  student: ArchitectureLogits
  estimator: Pick<Settings['search'], 'widthEstimator' | 'gumbelTemperature'>
}

/** A step of the search, of either kind. */
export type SearchStepPlan = SearchWeightStep | ArchitectureStepPlan
export type WeightStepPlan = PretrainStep | SearchWeightStep
export type SupernetStep = WeightStepPlan | ArchitectureStepPlan

/** The Gumbel draw of a step of the search; weight and architecture steps have draws of their own. */
export function sampledWidths({ kind, seed, step, student }: SearchStepPlan): { plan: WidthPlan; noise: number[][][] } {
  return gumbelPlan(student.gamma, seed, 2 * step + (kind === 'architecture' ? 1 : 0))
}

/** Each pass of a step by name, with the widths that it runs at, in the order in which their losses are listed. */
export function passWidths(space: SearchSpace, step: SupernetStep): { name: string; widths: WidthPlan }[] {
  const nothing = { alpha: [], beta: [] }
  const passes = step.kind === 'pretrain'
    ? pretrainPasses(space, nothing, nothing, step)
    : searchPasses(space, nothing, nothing, sampledWidths(step).plan)
  return passes.map(({ name, choice }) => ({ name, widths: choice.widths }))
}

/** Runs `use` with the named passes of a weight step; their tensors are disposed afterwards. */
export function withWeightPasses<Result>(space: SearchSpace, step: WeightStepPlan, names: readonly string[], use: (passes: NamedChoice[]) => Result): Result {
  const logits = step.kind === 'pretrain' ? { teacher: uniformLogits(space), student: uniformLogits(space) } : step
  const tensors = [logits.teacher, logits.student].map(architectureTensors)
  const [teacher, student] = tensors.map(mixtures)
  const passes = step.kind === 'pretrain'
    ? pretrainPasses(space, teacher, student, step)
    : searchPasses(space, teacher, student, sampledWidths(step).plan)
  try {
    return use(passes.filter(({ name }) => names.includes(name)))
  } finally {
    tf.dispose([...tensors.flatMap(allTensors), ...[teacher, student].flatMap(({ alpha, beta }) => [...alpha, ...beta])])
  }
}

function uniformLogits(space: SearchSpace): ArchitectureLogits {
  return new ArchitectureParameters(space, 1).logits()
}
