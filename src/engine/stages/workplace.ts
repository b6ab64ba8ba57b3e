/** What all stages of a run share: the dataset and its splits, the space, and where results lie. */
import type { BranchPair } from '../../core/latency/latencyCosts.js'
import type { SearchSpace } from '../../shared/architecture.js'
import type { AugmentSettings } from '../data/augment.js'
import type { Dataset, Sample, SampleReference } from '../data/dataset.js'
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
  /** Whether the crops are those of pretraining and search. */
  forSearch: boolean
}

/** Batches of training images. */
export function openLoader(workplace: Workplace, positions: readonly number[], { batch, stream, forSearch }: LoaderOptions): BatchLoader {
  const { data, seed } = workplace.context.settings
  const augment: AugmentSettings = {
    cropHeight: (forSearch && data.searchCropHeight) || data.cropHeight,
    cropWidth: (forSearch && data.searchCropWidth) || data.cropWidth,
    scales: data.scales,
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
