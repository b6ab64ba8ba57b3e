/** What all stages of a run share: the dataset and its splits, the space, and where results lie. */
import type { BranchPair } from '../../core/latency/latencyCosts.js'
import type { SearchSpace } from '../../shared/architecture.js'
import { cropSize } from '../../shared/config/cropSize.js'
import type { AugmentSettings } from '../data/augment.js'
import type { Dataset, Sample, SampleReference } from '../data/dataset.js'
import { resizeImage, resizeMask } from '../data/images/resize.js'
import { openBatchLoader, type BatchLoader } from '../data/loader.js'
import type { SampleSource } from '../data/sampleSource.js'
import type { DatasetSplit } from '../data/splitHalves.js'
import type { EvaluationSample } from '../evaluate/evaluate.js'
import type { RunContext } from '../runContext.js'
import type { TrainThreads } from '../train/trainTeam.js'
import type { RunOutputs } from './runOutputs.js'

export interface Workplace {
  context: RunContext
  outputs: RunOutputs
  dataset: Dataset
  split: DatasetSplit
  source: SampleSource
  /** Threads that help with training batches. */
  threads: TrainThreads
  space: SearchSpace
  pairs: BranchPair[]
  /** Loss weight of each class; undefined where all count alike. */
  classWeights: number[] | undefined
}

export function trainReferences(workplace: Workplace, positions: readonly number[]): SampleReference[] {
  return positions.map((position) => workplace.dataset.train[position])
}

export interface LoaderOptions {
  batch: number
  /** Keeps the draws of two loaders apart. */
  stream: string
  /** Whose crops; pretraining and search also see the images at `data.searchScale`. */
  crops: 'pretrain' | 'search' | 'train'
}

/** Batches of training images. */
export function openLoader(workplace: Workplace, positions: readonly number[], { batch, stream, crops }: LoaderOptions): BatchLoader {
  const { data, seed } = workplace.context.settings
  const shrink = crops === 'train' ? 1 : data.searchScale
  const augment: AugmentSettings = {
    ...cropSize(data, crops),
    scales: data.scales.map((scale) => scale * shrink),
    flip: data.flip,
    colourJitter: data.colourJitter
  }
  return openBatchLoader(workplace.source, { references: trainReferences(workplace, positions), batch, seed, stream, augment })
}

/** Samples one by one, each read while the one before is used. */
export async function* samplesOf(workplace: Workplace, references: readonly SampleReference[]): AsyncGenerator<EvaluationSample> {
  let coming: Promise<Sample> | undefined = references.length > 0 ? readAhead(workplace, references[0]) : undefined
  for (const [index, { id }] of references.entries()) {
    const sample = await coming
    if (!sample) return
    coming = index + 1 < references.length ? readAhead(workplace, references[index + 1]) : undefined
    yield { id, ...sample }
  }
}

function readAhead(workplace: Workplace, reference: SampleReference): Promise<Sample> {
  const asked = workplace.source.sample(reference)
  // A sample that cannot be read is reported when its turn comes.
  asked.catch(() => undefined)
  return asked
}

export function selectionSamples(workplace: Workplace): AsyncGenerator<EvaluationSample> {
  return samplesOf(workplace, trainReferences(workplace, workplace.split.selection))
}

/** As the supernet is judged: the selection images at the scale of the search, masks by nearest neighbour. */
export async function* searchSelectionSamples(workplace: Workplace): AsyncGenerator<Sample> {
  const { searchScale } = workplace.context.settings.data
  for await (const { image, mask, height, width } of selectionSamples(workplace)) {
    const to = { height: Math.round(height * searchScale), width: Math.round(width * searchScale) }
    yield { ...to, image: resizeImage(image, height, width, to.height, to.width), mask: resizeMask(mask, height, width, to.height, to.width) }
  }
}
