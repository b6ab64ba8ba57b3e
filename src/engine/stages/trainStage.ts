/**
 * Stages that train a derived network: teacher, student, the student without distillation, the hand-made one. Each hands over
 * networks/NAME/{last,best}.safetensors beside networks/NAME/architecture.json.
 */
import type { Architecture } from '../../shared/architecture.js'
import type { RunEvent, Scores, Stage } from '../../shared/events.js'
import type { Settings } from '../../shared/config/settings.js'
import type { StoredTensor } from '../../storage/safetensors.js'
import { evaluateNetwork } from '../evaluate/evaluate.js'
import { networkInput } from '../data/networkInput.js'
import type { Weight } from '../graph/weights.js'
import { TrainedNetwork } from '../network/derived/trainedNetwork.js'
import { tf } from '../tensor/tf.js'
import { DerivedTrainer, type DerivedTrainerOptions } from '../train/derivedTrainer.js'
import { cropTeacher, imageTeacher, type Teacher } from '../train/teacher.js'
import { learningRate } from '../train/learningRate.js'
import { architectureFile, type NetworkName } from './runOutputs.js'
import type { StagePlan } from './stageTable.js'
import { trainSteps } from './trainSteps.js'
import { openLoader, selectionSamples, trainReferences, type Workplace } from './workplace.js'

export interface NetworkTraining {
  name: NetworkName
  stage: Stage
  /** Whether the trained teacher teaches. */
  distilled: boolean
}

export function trainStage(training: NetworkTraining, steps: number): StagePlan {
  return {
    stage: training.stage,
    steps,
    async run(workplace, place) {
      if (training.name === 'plain') copyStudent(workplace)
      const teacher = training.distilled ? openTeacher(workplace) : undefined
      const trainer = openDerivedTrainer(workplace, training, steps, teacher)
      try {
        if (!(await trainSteps(workplace.context, { stage: training.stage }, place, trainer))) return false
        writeWeights(workplace, training.name, 'last', trainer.network)
        return true
      } finally {
        trainer.dispose()
        teacher?.dispose()
      }
    }
  }
}

/** The student without distillation is the same architecture under another name. */
function copyStudent({ outputs }: Workplace): void {
  const student = outputs.readArchitecture(architectureFile('student'))
  outputs.writeArchitecture(architectureFile('plain'), { ...student, name: 'plain' })
}

/** The network of a training stage, fresh, with everything that trains it. Announces its steps and keeps its best weights. */
export function openDerivedTrainer(workplace: Workplace, { name, stage }: NetworkTraining, steps: number, teacher: Teacher | undefined): DerivedTrainer {
  const { context, outputs } = workplace
  const architecture = outputs.readArchitecture(architectureFile(name))
  return openTrainerOf(workplace, {
    name, stage, architecture, steps,
    settings: context.settings.train,
    emit: (event) => context.emit(event),
    keepBest: (best) => writeWeights(workplace, name, 'best', best),
    ...(teacher ? { teacher } : {})
  }).trainer
}

export interface TrainerRequest extends Pick<DerivedTrainerOptions, 'stage' | 'steps' | 'settings' | 'teacher'> {
  name: NetworkName
  architecture: Architecture
  emit?(event: RunEvent): void
  keepBest?(network: TrainedNetwork): void
}

/** A fresh network of this architecture with what trains and judges it. Every network of a run starts from the same seed and sees the same batches. */
export function openTrainerOf(workplace: Workplace, request: TrainerRequest): { trainer: DerivedTrainer; judge: () => Promise<Scores> } {
  const { context, split, classWeights } = workplace
  const { architecture, settings, steps, emit = () => undefined, keepBest = () => undefined, ...rest } = request
  const network = TrainedNetwork.initial(architecture, context.settings.seed, settings.auxiliaryWeight > 0)
  const judge = (): Promise<Scores> => judgeOnSelection(workplace, network)
  const trainer = new DerivedTrainer({
    ...rest,
    network, steps, settings, emit, keepBest, judge, threads: workplace.threads,
    rate: learningRate(settings, steps),
    loader: openLoader(workplace, split.trainAll, { batch: settings.batch, stream: 'train', crops: 'train' }),
    ...(classWeights ? { classWeights: tf.tensor1d(classWeights) } : {})
  })
  return { trainer, judge }
}

async function judgeOnSelection(workplace: Workplace, network: TrainedNetwork): Promise<Scores> {
  const { scores } = await evaluateNetwork({
    classes: workplace.space.classes,
    samples: selectionSamples(workplace),
    toInput: networkInput,
    forward: (images) => network.forward(images)
  })
  return scores
}

function weightsFile(name: NetworkName, which: 'last' | 'best'): string {
  return `networks/${name}/${which}.safetensors`
}

function writeWeights({ outputs }: Workplace, name: NetworkName, which: 'last' | 'best', network: TrainedNetwork): void {
  const tensors = new Map<string, StoredTensor>()
  for (const [weight, { shape, data }] of network.read()) tensors.set(weight, { dtype: 'F32', shape, data })
  outputs.writeTensors(weightsFile(name, which), tensors, { network: name })
}

/** The weights of the best epoch on the selection images; the last where nothing was judged. */
export function trainedWeights({ outputs }: Workplace, name: NetworkName): Map<string, Weight> {
  const which = outputs.has(weightsFile(name, 'best')) ? 'best' : 'last'
  const weights = new Map<string, Weight>()
  for (const [weight, tensor] of outputs.readTensors(weightsFile(name, which))) {
    if (tensor.dtype === 'F32') weights.set(weight, { shape: tensor.shape, data: tensor.data })
  }
  return weights
}

/** A trained network of this run, as at deployment: without auxiliary heads. */
export function trainedNetwork(workplace: Workplace, name: NetworkName): TrainedNetwork {
  const architecture = workplace.outputs.readArchitecture(architectureFile(name))
  return TrainedNetwork.deployed(architecture, trainedWeights(workplace, name))
}

/** The run's trained teacher, as its settings say that it is asked. */
export function openTeacher(workplace: Workplace): Teacher {
  const { split, context } = workplace
  const network = trainedNetwork(workplace, 'teacher')
  if (context.settings.train.teacherView === 'crop') return cropTeacher(network)
  const references = trainReferences(workplace, split.trainAll)
  return imageTeacher(network, (place) => workplace.source.sample(references[place]))
}

/** Which networks a run trains, in order. The hand-made one has a stage of its own (handmadeStage). */
export function trainings(settings: Settings['train']): { training: NetworkTraining; steps: number }[] {
  const list: { training: NetworkTraining; steps: number }[] = []
  if (settings.teacherSteps > 0) {
    list.push({ training: { name: 'teacher', stage: 'train-teacher', distilled: false }, steps: settings.teacherSteps })
  }
  list.push({ training: { name: 'student', stage: 'train-student', distilled: settings.distillation }, steps: settings.studentSteps })
  if (settings.distillation && settings.compareWithoutDistillation) {
    list.push({ training: { name: 'plain', stage: 'train-plain', distilled: false }, steps: settings.studentSteps })
  }
  return list
}
