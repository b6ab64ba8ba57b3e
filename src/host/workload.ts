/**
 * How much a run has to compute, counted from its settings before it starts: multiply-adds and the bytes of maps, stage by stage. The
 * architectures are not known yet, so the derived networks are stood for by what undecided logits give.
 */
import { networkCost } from '../core/cost.js'
import { deriveArchitecture } from '../core/derive.js'
import { hasDown, logitShapes, rowsAt } from '../core/lattice.js'
import { derivedGraph, operatorGraph } from '../core/networkBuilder.js'
import {
  channels,
  operators,
  scales,
  type Architecture,
  type ArchitectureLogits,
  type Scale,
  type SearchSpace
} from '../shared/architecture.js'
import type { Settings } from '../shared/config/settings.js'
import type { Stage } from '../shared/events.js'
import type { NetworkGraph } from '../shared/networkGraph.js'
import type { RunJob } from '../shared/runPlan.js'

export interface StageWork {
  stage: Stage
  variant?: string
  steps: number
  /** Of all steps together, forward and both backward passes. */
  multiplyAdds: number
  /** Maps that one step keeps for its backward pass. */
  mapBytes: number
}

/** Forward, gradient of the input, gradient of the weights. */
const passesOfAStep = 3
/** Forward and gradient of the input. */
const passesOfAnArchitectureStep = 2
/** A weight step of the supernet runs the widest, the narrowest and two random widths (FasterSeg, section 3.2). */
const widthsOfAWeightStep = 4
/** A cost of batch norms, ReLUs and resizes beside the convolutions is in the pace, not here. */
const classesGuess = 11

/** The stages that take steps, in the order of the run. */
export function workload(settings: Settings, job: RunJob): StageWork[] {
  const space: SearchSpace = { ...settings.space, classes: classesGuess }
  const work: StageWork[] = []
  if (job !== 'train') work.push(...searchWork(settings, space))
  if (job !== 'search') work.push(...trainWork(settings, space))
  return work.filter((stage) => stage.steps > 0)
}

function searchWork(settings: Settings, space: SearchSpace): StageWork[] {
  const { data, pretrain, search } = settings
  const supernet = supernetCost(space, data.searchCropHeight || data.cropHeight, data.searchCropWidth || data.cropWidth)
  const variants = search.latencyTerm === 'both' ? ['decoupled', 'joint'] : [search.latencyTerm]
  const weightStep = supernet.multiplyAdds * passesOfAStep * meanWidthShare(space)
  const steps = pretrain.epochs * pretrain.stepsPerEpoch
  const stages: StageWork[] = [
    { stage: 'pretrain', steps, multiplyAdds: steps * pretrain.batch * weightStep, mapBytes: supernet.mapBytes * pretrain.batch }
  ]
  for (const variant of variants) {
    const searchSteps = search.epochs * search.stepsPerEpoch
    // The same passes for the architecture as for the weights, without the gradients of the weights.
    const architectureStep = weightStep * (passesOfAnArchitectureStep / passesOfAStep)
    stages.push({
      stage: 'search',
      variant,
      steps: searchSteps,
      multiplyAdds: searchSteps * search.batch * (weightStep + architectureStep),
      mapBytes: supernet.mapBytes * search.batch
    })
  }
  return stages
}

function trainWork({ data, train, space: { branchPairs } }: Settings, space: SearchSpace): StageWork[] {
  const finalScales = [...new Set((branchPairs[0] ?? '16,32').split(',').map((text) => Number(text) as Scale))]
  const size = { height: data.cropHeight, width: data.cropWidth }
  const cost = (network: 'teacher' | 'student'): { multiplyAdds: number; mapBytes: number } =>
    graphCost(derivedGraph(guess(space, finalScales, network), { ...size, auxiliaryHeads: train.auxiliaryWeight > 0 }))
  const teacher = cost('teacher')
  const student = cost('student')
  const stage = (name: Stage, steps: number, each: { multiplyAdds: number; mapBytes: number }, extra = 0): StageWork => ({
    stage: name,
    steps,
    multiplyAdds: steps * train.batch * (each.multiplyAdds * passesOfAStep + extra),
    mapBytes: each.mapBytes * train.batch
  })
  return [
    stage('train-teacher', train.teacherSteps, teacher),
    stage('train-student', train.studentSteps, student, train.distillation ? teacher.multiplyAdds : 0),
    ...(train.compareWithoutDistillation ? [stage('train-plain', train.studentSteps, student)] : []),
    ...(train.compareHandmade ? [stage('train-handmade', train.studentSteps, student)] : [])
  ]
}

/** What undecided logits give: the first operator that is allowed, the middle of the widths. */
function guess(space: SearchSpace, finalScales: Scale[], network: 'teacher' | 'student'): Architecture {
  const shapes = logitShapes(space.layers, space.widths.length)
  const middle = Math.floor(space.widths.length / 2)
  const rows = (key: keyof ArchitectureLogits, chosen: number): number[][][] =>
    shapes[key].map(([count, columns]) =>
      Array.from({ length: count }, () => Array.from({ length: columns }, (_, column) => (column === chosen % columns ? 1 : 0)))
    )
  const logits = {
    alpha: rows('alpha', 1),
    beta: rows('beta', 1),
    gamma: rows('gamma', network === 'teacher' ? space.widths.length - 1 : middle)
  }
  const stemWidth = network === 'teacher' ? 12 : space.studentStemWidth
  return deriveArchitecture(space, logits, { finalScales, rules: 'ours', forbidSkip: true, stemWidth, name: 'forecast' })
}

/** Every operator of every cell of the lattice at full width, for one image. */
function supernetCost(space: SearchSpace, height: number, width: number): { multiplyAdds: number; mapBytes: number } {
  let multiplyAdds = 0
  let mapBytes = 0
  for (let layer = 0; layer < space.layers; layer++) {
    for (const row of rowsAt(layer)) {
      const scale = scales[row]
      const inChannels = channels(scale, space.baseWidth, 12)
      for (const stride of hasDown(space, layer, row) ? ([1, 2] as const) : ([1] as const)) {
        for (const operator of operators) {
          const outChannels = channels(scale * stride, space.baseWidth, 12)
          const cost = graphCost(operatorGraph(operator, { height: height / scale, width: width / scale, inChannels, outChannels, stride }))
          multiplyAdds += cost.multiplyAdds
          mapBytes += cost.mapBytes
        }
      }
    }
  }
  return { multiplyAdds, mapBytes }
}

/** Multiply-adds over the widths of a weight step, in units of the widest pass; a width acts on both sides of a convolution. */
function meanWidthShare({ widths }: SearchSpace): number {
  const share = (width: number): number => (width / 12) ** 2
  const random = widths.reduce((sum, width) => sum + share(width), 0) / widths.length
  return share(12) + share(widths[0]) + (widthsOfAWeightStep - 2) * random
}

/** float32 maps: what each layer made, before and after its batch norm. */
function graphCost(graph: NetworkGraph): { multiplyAdds: number; mapBytes: number } {
  const mapBytes = graph.nodes.reduce((sum, { kind, output }) => {
    const copies = kind === 'conv' ? 2 : 1
    return sum + copies * 4 * output.height * output.width * output.channels
  }, 0)
  return { multiplyAdds: networkCost(graph).multiplyAdds, mapBytes }
}
