/** The stages that train derived networks, and what is done with them: evaluation and export. */
import { branchesOf } from '../core/branchesOf.js'
import { candidateRounds } from '../core/candidateRounds.js'
import { deriveArchitecture } from '../core/derive.js'
import { logitShapes } from '../core/lattice.js'
import { derivedGraph } from '../core/networkBuilder.js'
import type { Architecture, ArchitectureLogits, SearchSpace } from '../shared/architecture.js'
import type { Settings } from '../shared/config/settings.js'
import type { Stage } from '../shared/events.js'
import { forwardEffort, noEffort, otherEffort, stepEffort, sumOfEfforts, times, type Effort } from './effort.js'
import { imageCounts } from './imageCounts.js'
import { judgedImages, judgedInDetail } from './judgedImages.js'
import { callSeconds } from './latencyWork.js'
import { forwardMapBytes, graphWork, type LayerWork } from './layerWork.js'
import { taskWork, type StageWork } from './stageWork.js'
import type { ImageSize } from './supernetWork.js'

/** Networks of a run that are known: given to it, or derived by now. */
export type KnownNetworks = Partial<Record<'teacher' | 'student', Architecture>>

/** Models are written and compared with the trained network on images. */
const exportSeconds = 4
/** A network is timed at least this often, and no longer than this (latency/measureDeployed). */
const timedCalls = 20
const timedSeconds = 10
/**
 * What a training step takes beside its convolutions (loss, augmentation, update), in seconds: the gap between measured and forecast steps
 * was 0.1 s both in the preset quick (0.16 s a step) and in camvid-small (0.36 s).
 */
const besideConvolutionsSeconds = 0.1
/** Steps in which the paces of student and hand-made network are compared (stages/handmadeStage). */
const comparedSteps = 32
/** The same for a candidate and the likeliest, where their budget is minutes (stages/compareCandidates). */
const comparedCandidateSteps = 16

export function trainWork(settings: Settings, space: SearchSpace, networks: KnownNetworks): StageWork[] {
  const { train } = settings
  const teacher = networks.teacher ?? guess(settings, space, 'teacher')
  const student = networks.student ?? guess(settings, space, 'student')
  const distills = train.distillation && train.teacherSteps > 0
  const distilled = trainOne(settings, 'train-student', student, train.studentSteps, distills ? teacher : undefined)
  const plain = trainOne(settings, 'train-plain', student, train.studentSteps, undefined)
  const trained = [
    ...(train.teacherSteps > 0
      ? [{ network: teacher, work: trainOne(settings, 'train-teacher', teacher, train.teacherSteps, undefined) }]
      : []),
    { network: student, work: distilled },
    ...(train.distillation && train.compareWithoutDistillation ? [{ network: student, work: plain }] : []),
    ...(train.compareHandmade ? [{ network: student, work: handmadeWork(settings, distilled, plain) }] : [])
  ]
  const evaluated = sumOfEfforts(trained.map(({ network }) => finalEvaluation(settings, network)))
  return [
    ...trained.map(({ work }) => work).filter(({ steps }) => steps > 0),
    taskWork('evaluate', evaluated),
    taskWork('export', otherEffort(exportSeconds))
  ]
}

/** A training step without a teacher. */
function ownStep({ data, train }: Settings, network: Architecture): Effort {
  const crop = { height: data.cropHeight, width: data.cropWidth }
  return sumOfEfforts([stepEffort(work(network, crop, train.auxiliaryWeight > 0), train.batch), otherEffort(besideConvolutionsSeconds)])
}

function trainOne(settings: Settings, stage: Stage, network: Architecture, steps: number, teacher: Architecture | undefined): StageWork {
  const { data, train, latency } = settings
  const { train: images, selection, size } = imageCounts(data, latency)
  const crop = { height: data.cropHeight, width: data.cropWidth }
  const onCrops = work(network, crop, train.auxiliaryWeight > 0)
  const asksOnCrops = teacher !== undefined && train.teacherView === 'crop'
  const step = sumOfEfforts([ownStep(settings, network), asksOnCrops ? forwardEffort(work(teacher, crop, false), train.batch) : noEffort])
  const evaluations = Math.ceil(steps / train.stepsPerEpoch)
  const onImages = work(network, size, false)
  const judged = times(evaluations, judgedImages(selection, onImages, size))
  const asked = teacher !== undefined && !asksOnCrops ? times(images, forwardEffort(work(teacher, size, false), 1)) : noEffort
  // Parts of a batch that no worker is free for wait for their turn.
  const atOnce = Math.min(1, settings.run.passWorkers / train.batchParts)
  const mapBytes = Math.max(onCrops.mapBytes * train.batch * atOnce, forwardMapBytes(onImages))
  return { stage, steps, mapBytes, weightBytes: 0, ...sumOfEfforts([times(steps, step), judged, asked]) }
}

/** The short trainings by which derivation compares its candidates. */
export function candidatesWork(settings: Settings, space: SearchSpace): Effort {
  const student = guess(settings, space, 'student')
  const rounds = candidateRounds(settings.search)
  const trained = rounds.map(({ count, steps }) => {
    const short = { ...settings, train: { ...settings.train, stepsPerEpoch: steps } }
    return times(count, trainOne(short, 'train-plain', student, steps, undefined))
  })
  if (settings.search.candidateBudget === 'steps' || rounds.length === 0) return sumOfEfforts(trained)
  const others = rounds.reduce((sum, { count, fresh }) => sum + (fresh ? count : 0), 0) - 1
  return sumOfEfforts([...trained, times(others * comparedCandidateSteps, ownStep(settings, student))])
}

/** A network of the student's latency gets the student's minutes, whatever its steps cost; or the steps that the settings say. */
function handmadeWork({ train }: Settings, student: StageWork, plain: StageWork): StageWork {
  const perStep = (stage: StageWork): Effort => times(1 / Math.max(1, stage.steps), stage)
  const effort =
    train.handmadeSteps > 0
      ? times(train.handmadeSteps, perStep(plain))
      : sumOfEfforts([times(1, student), times(comparedSteps, perStep(student))])
  return { stage: 'train-handmade', steps: train.handmadeSteps || student.steps, mapBytes: student.mapBytes, weightBytes: 0, ...effort }
}

/** On the validation images, and its latency on the device. */
function finalEvaluation({ data, latency }: Settings, network: Architecture): Effort {
  const { val, size } = imageCounts(data, latency)
  const calls = latency.warmup + Math.max(latency.repeats, timedCalls)
  const timing = Math.min(timedSeconds, calls * callSeconds(work(network, latency, false).multiplyAdds))
  return sumOfEfforts([judgedInDetail(val, work(network, size, false), size), otherEffort(timing)])
}

function work(network: Architecture, { height, width }: ImageSize, auxiliaryHeads: boolean): LayerWork {
  return graphWork(derivedGraph(network, { height, width, auxiliaryHeads }))
}

/** What undecided logits give: the first operator that is allowed, the middle of the widths. */
function guess({ space: { branchPairs } }: Settings, space: SearchSpace, network: 'teacher' | 'student'): Architecture {
  const finalScales = branchesOf(branchPairs[0])
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
