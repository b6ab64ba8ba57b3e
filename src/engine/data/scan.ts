/** Looks at every sample once before a run starts, so that a bad file is met now and not in the third hour. */
import { toAppError, type ErrorCode } from '../../shared/errors.js'
import { classWeights } from './classWeights.js'
import { ignoreLabel, type Dataset, type SampleReference } from './dataset.js'
import { loadSample } from './loadSample.js'
import type { SampleSource } from './sampleSource.js'

export interface ScanProblem {
  /** Relative to the dataset's root; a split's name where no file is at fault. */
  file: string
  code: ErrorCode
  message: string
}

export interface SplitScan {
  images: number
  /** Pixels of each class, and of none. */
  pixels: number[]
  ignoredPixels: number
  /** Images that show the class. */
  imagesWithClass: number[]
}

export interface DatasetScan {
  digest: string
  classes: string[]
  train: SplitScan
  val: SplitScan
  /** For the loss, from the training split: 1 / log(1.02 + frequency), mean 1. */
  suggestedWeights: number[]
  /** Sizes after scaling, with how many images have them, most frequent first. */
  sizes: { height: number; width: number; images: number }[]
  /** Ids of a training and a validation sample whose image files are byte for byte the same. */
  leaks: { train: string; val: string }[]
  problems: ScanProblem[]
  /** Said aloud, but no reason to stop: drawn splits, leaks, classes that never occur. */
  notes: string[]
}

/**
 * Decodes all samples of both splits. Bad files become `problems`; nothing is thrown for them. `onProgress` gets samples done and in all.
 * Read through the `source` that the run will use, decoded samples stay in its memory, and the first epoch need not decode them again.
 */
export async function scanDataset(
  dataset: Dataset,
  onProgress?: (done: number, of: number) => void,
  source?: Pick<SampleSource, 'sample'>
): Promise<DatasetScan> {
  const problems: ScanProblem[] = []
  const sizes = new Map<string, { height: number; width: number; images: number }>()
  const all = dataset.train.length + dataset.val.length
  let done = 0

  async function scanSplit(name: string, references: SampleReference[]): Promise<SplitScan> {
    const split: SplitScan = { images: references.length, pixels: zeros(dataset), ignoredPixels: 0, imagesWithClass: zeros(dataset) }
    if (references.length === 0)
      problems.push({ file: name, code: 'data.empty-split', message: `${name}: expected at least one image, found none` })
    for (const reference of references) {
      await scanSample(reference, split)
      onProgress?.(++done, all)
      if (done % 8 === 0) await new Promise((resume) => setImmediate(resume))
    }
    return split
  }

  async function scanSample(reference: SampleReference, split: SplitScan): Promise<void> {
    try {
      const { height, width, mask } = source ? await source.sample(reference) : loadSample(dataset, reference)
      count(mask, split)
      const size = sizes.get(`${height}x${width}`) ?? { height, width, images: 0 }
      size.images++
      sizes.set(`${height}x${width}`, size)
    } catch (error) {
      const { code, message } = toAppError(error)
      problems.push({ file: fileOf(reference, message), code, message })
    }
  }

  const train = await scanSplit('train', dataset.train)
  const val = await scanSplit('val', dataset.val)
  const leaks = findLeaks(dataset)
  return {
    digest: dataset.digest,
    classes: dataset.classes.map((one) => one.name),
    train,
    val,
    suggestedWeights: classWeights(train.pixels),
    sizes: [...sizes.values()].sort((left, right) => right.images - left.images),
    leaks,
    problems,
    notes: [...dataset.notes, ...remarks(dataset, train, val, leaks.length)]
  }
}

function zeros(dataset: Dataset): number[] {
  return dataset.classes.map(() => 0)
}

function count(mask: Uint8Array, split: SplitScan): void {
  const histogram = new Uint32Array(256)
  for (const id of mask) histogram[id]++
  for (const id of split.pixels.keys()) {
    split.pixels[id] += histogram[id]
    if (histogram[id] > 0) split.imagesWithClass[id]++
  }
  split.ignoredPixels += histogram[ignoreLabel]
}

/** Every sentence about a file begins with its name; it may be that of the mask. */
function fileOf(reference: SampleReference, message: string): string {
  if (reference.source.kind === 'street') return reference.id
  return message.startsWith(`${reference.source.mask}: `) && reference.source.mask !== '' ? reference.source.mask : reference.source.image
}

function findLeaks(dataset: Dataset): { train: string; val: string }[] {
  const hashes = new Map<string, string>()
  for (const { id, source } of dataset.train) if (source.kind === 'files' && source.imageHash !== '') hashes.set(source.imageHash, id)
  return dataset.val.flatMap(({ id, source }) => {
    const twin = source.kind === 'files' ? hashes.get(source.imageHash) : undefined
    return twin === undefined ? [] : [{ train: twin, val: id }]
  })
}

function remarks(dataset: Dataset, train: SplitScan, val: SplitScan, leaks: number): string[] {
  const notes: string[] = []
  if (leaks > 0) notes.push(`${leaks} of ${val.images} validation images also stand in the training split: scores will be too high.`)
  const never = dataset.classes.filter((_, id) => train.pixels[id] === 0).map((one) => one.name)
  if (never.length > 0) notes.push(`No training image shows ${never.join(', ')}.`)
  const unjudged = dataset.classes.filter((_, id) => train.pixels[id] > 0 && val.pixels[id] === 0).map((one) => one.name)
  if (unjudged.length > 0) notes.push(`No validation image shows ${unjudged.join(', ')}: the mean IoU leaves them out.`)
  const labelled = train.pixels.reduce((sum, pixels) => sum + pixels, 0)
  if (train.images > 0 && labelled === 0 && train.ignoredPixels > 0) notes.push('Every training pixel is ignored: nothing can be learnt.')
  return notes
}
