/** Pretraining, search and training of a network so small that a hundred steps take seconds; the batches are a function of the step. */
import type { Architecture, SearchSpace } from '../../../src/shared/architecture.js'
import { parseSettings } from '../../../src/shared/config/parseSettings.js'
import type { Settings, SettingsInput } from '../../../src/shared/config/settings.js'
import type { RunEvent } from '../../../src/shared/events.js'
import type { StoredTensor } from '../../../src/storage/safetensors.js'
import { latencyCosts } from '../../../src/core/latency/latencyCosts.js'
import { randomStream } from '../../../src/core/random.js'
import type { Batch, BatchLoader } from '../../../src/engine/data/loader.js'
import type { Sample } from '../../../src/engine/data/dataset.js'
import { TrainedNetwork } from '../../../src/engine/network/derived/trainedNetwork.js'
import { initialSupernetWeights } from '../../../src/engine/network/supernet/initialSupernetWeights.js'
import type { PredictionName } from '../../../src/engine/network/supernet/layout.js'
import { Supernet } from '../../../src/engine/network/supernet/supernet.js'
import { WeightStore } from '../../../src/engine/network/weightStore.js'
import { Pretrainer } from '../../../src/engine/search/pretrainer.js'
import { Searcher } from '../../../src/engine/search/searcher.js'
import type { SupernetJudge } from '../../../src/engine/search/supernetEvaluation.js'
import { openPassTeam } from '../../../src/engine/search/openPassTeam.js'
import { openSearchTeam } from '../../../src/engine/search/openSearchTeam.js'
import { SupernetTrainer } from '../../../src/engine/search/supernetTrainer.js'
import { openTrainThreads } from '../../../src/engine/train/trainTeam.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { cropTeacher } from '../../../src/engine/train/teacher.js'
import { DerivedTrainer } from '../../../src/engine/train/derivedTrainer.js'
import { randomTable } from '../../unit/core/randomTable.js'

const size = { height: 32, width: 64 }
const allPredictions: PredictionName[] = ['8', '16', '32', '8+32', '16+32']

export const tinySpace: SearchSpace = { layers: 3, baseWidth: 1, widths: [6, 12], studentStemWidth: 6, classes: 3 }
/** With one width a search step has two passes of four, so that a hundred of them are quick. */
export const oneWidthSpace: SearchSpace = { ...tinySpace, widths: [12] }

/** Two branches over all three scales, a shared cell and every operator but skip. */
export const tinyStudent: Architecture = {
  version: 1,
  name: 'student',
  classes: tinySpace.classes,
  baseWidth: 1,
  stemWidth: 12,
  branches: [
    {
      finalScale: 32,
      cells: [
        { layer: 0, operator: 'conv', scale: 8, downsample: false, width: 6 },
        { layer: 1, operator: 'conv_downup', scale: 8, downsample: true, width: 12 },
        { layer: 2, operator: 'conv_2x', scale: 16, downsample: true, width: 12 },
        { layer: 3, operator: 'conv_2x_downup', scale: 32, downsample: false, width: 12 }
      ]
    },
    {
      finalScale: 16,
      cells: [
        { layer: 0, operator: 'conv', scale: 8, downsample: false, width: 6 },
        { layer: 1, operator: 'conv', scale: 8, downsample: true, width: 12 },
        { layer: 3, operator: 'conv_2x', scale: 16, downsample: false, width: 12 }
      ]
    }
  ],
  sharedLayers: 1,
  notes: []
}

export function tinySettings(input: SettingsInput = {}): Settings {
  return parseSettings({
    ...input,
    pretrain: { epochs: 1, stepsPerEpoch: 100, learningRate: 0.02, warmupSteps: 2, ...input.pretrain },
    search: { epochs: 1, stepsPerEpoch: 100, learningRate: 0.02, architectureLearningRate: 0.05, ...input.search },
    train: { stepsPerEpoch: 100, learningRate: 0.02, ...input.train }
  }, 'test')
}

/** Two images a step, in which the sign of the first colour is the class; the last row is ignored. `spoilt` steps have a pixel that is no number. */
export function tinyLoader(stream: string, spoilt: readonly number[] = []): BatchLoader {
  const count = 2
  const next = (step: number): Batch => {
    const draws = randomStream(1, stream, step)
    const images = Float32Array.from({ length: count * size.height * size.width * 3 }, () => draws.normal())
    const labels = Uint8Array.from({ length: count * size.height * size.width }, (_, pixel) => {
      const row = Math.floor(pixel / size.width) % size.height
      return row === size.height - 1 ? 255 : (images[3 * pixel] > 0.4 ? 1 : 0) + (images[3 * pixel] > 1 ? 1 : 0)
    })
    if (spoilt.includes(step)) images[17] = NaN
    return { images, labels, ids: ['a', 'b'], crops: [], count, ...size, waitedMs: 0 }
  }
  return { next: (step) => Promise.resolve(next(step)), waitedMs: 0, close: () => undefined }
}

export function tinyTrainer(space: SearchSpace, predictions = allPredictions): SupernetTrainer {
  const weights = new WeightStore(initialSupernetWeights(space, predictions, 1))
  return new SupernetTrainer(new Supernet(space, predictions), weights, { threshold: 0.7, keepFraction: 1 / 16 }, { momentum: 0.9, weightDecay: 5e-4, clipNorm: 5 })
}

/** Statistics over two batches, judged on one image that is no multiple of 32. */
export function tinyJudge(trainer: SupernetTrainer): SupernetJudge {
  async function* statisticsImages(): AsyncGenerator<tf.Tensor4D> {
    for (const step of [0, 1]) {
      const { images } = await tinyLoader('statistics').next(step)
      yield tf.tensor4d(images, [2, size.height, size.width, 3])
    }
  }
  async function* samples(): AsyncGenerator<Sample> {
    const { images, labels } = await tinyLoader('selection').next(0)
    const [height, width] = [size.height - 5, size.width]
    const pixels = height * width
    yield { height, width, image: Uint8Array.from(images.subarray(0, 3 * pixels), (value) => 128 + 40 * value), mask: labels.slice(0, pixels) }
  }
  const toInput = ({ image, height, width }: Sample): tf.Tensor4D =>
    tf.tidy(() => tf.pad4d(tf.tensor4d(image, [1, height, width, 3]).sub(128).div(40), [[0, 0], [0, size.height - height], [0, 0], [0, 0]]))
  return { supernet: trainer.supernet, weights: trainer.weights, statisticsImages, samples, toInput }
}

export interface TinyOptions {
  space?: SearchSpace
  predictions?: PredictionName[]
  settings?: SettingsInput
  spoilt?: readonly number[]
}

export function tinyPretrainer({ space = tinySpace, predictions, settings = {}, spoilt = [] }: TinyOptions = {}, events: RunEvent[] = []): Pretrainer {
  const trainer = tinyTrainer(space, predictions)
  return new Pretrainer({
    trainer,
    team: openPassTeam(trainer, 1),
    settings: tinySettings(settings).pretrain,
    seed: 1,
    loader: tinyLoader('pretrain', spoilt),
    emit: (event) => events.push(event)
  })
}

export function tinySearcher({ space = tinySpace, predictions, settings = {}, spoilt = [] }: TinyOptions = {}, events: RunEvent[] = []): Searcher {
  const trainer = tinyTrainer(space, predictions)
  const table = randomTable(space, 1, size)
  return new Searcher({
    variant: 'decoupled',
    trainer,
    team: openSearchTeam(trainer, tinySettings(settings).search, 1),
    settings: tinySettings(settings).search,
    seed: 1,
    pairs: [[8, 16], [16, 32]],
    table,
    costs: { student: latencyCosts(space, table, 'student'), teacher: latencyCosts(space, table, 'teacher') },
    weightLoader: tinyLoader('half A', spoilt),
    architectureLoader: tinyLoader('half B', spoilt),
    judge: tinyJudge(trainer),
    emit: (event) => events.push(event)
  })
}

/** With auxiliary heads and distillation. What it is judged by is a function of its weights alone. The teacher is the caller's to dispose. */
export function tinyDerivedTrainer(teacher: TrainedNetwork, { settings = {}, spoilt = [] }: TinyOptions = {}, events: RunEvent[] = []): DerivedTrainer {
  const network = TrainedNetwork.initial(tinyStudent, 2, true)
  const { train } = tinySettings(settings)
  const judge = (): Promise<{ meanIoU: number; pixelAccuracy: number; classIoU: number[] }> => {
    const score = Math.abs((network.store.get('head.1.bias').dataSync()[0] * 1e4) % 1)
    return Promise.resolve({ meanIoU: score, pixelAccuracy: score, classIoU: [score] })
  }
  return new DerivedTrainer({
    stage: 'train-student', name: 'student', network, teacher: cropTeacher(teacher), steps: 100, rate: () => train.learningRate, settings: train,
    loader: tinyLoader('train', spoilt), threads: openTrainThreads(1), emit: (event) => events.push(event), judge, keepBest: () => undefined
  })
}

export const tinyTeacher = (): TrainedNetwork => TrainedNetwork.initial({ ...tinyStudent, name: 'teacher' }, 3, false)

/** A copy that shares no memory with the trainer, as a checkpoint on disk is. */
export function copied(tensors: ReadonlyMap<string, StoredTensor>): Map<string, StoredTensor> {
  return new Map([...tensors].map(([name, tensor]) => [name, { ...tensor, shape: [...tensor.shape], data: tensor.data.slice() } as StoredTensor]))
}
