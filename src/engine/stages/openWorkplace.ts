/** Opens what all stages share; the first time, also keeps what was found and drawn: digest, scan, split. */
import { branchesOf } from '../../core/branchesOf.js'
import type { SearchSpace } from '../../shared/architecture.js'
import { AppError } from '../../shared/errors.js'
import { openDataset } from '../data/openDataset.js'
import type { Dataset } from '../data/dataset.js'
import { openSampleSource, type SampleSource } from '../data/sampleSource.js'
import { scanDataset, type DatasetScan } from '../data/scan.js'
import { splitHalves } from '../data/splitHalves.js'
import type { RunContext } from '../runContext.js'
import { openTrainThreads } from '../train/trainTeam.js'
import { givenSpace } from './givenNetworksStage.js'
import { RunOutputs } from './runOutputs.js'
import type { Workplace } from './workplace.js'

const scanInput = 'scan.json'

/** @throws AppError data.changed where a resumed run finds other files; data.found-problems where the scan finds bad ones */
export async function openWorkplace(context: RunContext): Promise<Workplace> {
  const { settings, run } = context
  const dataset = await openDataset(settings.data, settings.seed, (done, of) => context.progress('dataset', done, of))
  const known = run.manifest.datasetDigest
  if (known !== null && known !== dataset.digest) throw changed(dataset)
  const source = openSampleSource(dataset)
  const scan = await scanned(context, dataset, source).catch((error: unknown) => {
    source.close()
    throw error
  })
  const split = splitHalves(dataset, settings.seed, settings.data.selectionFraction)
  const drawn = run.addInput('split.json', `${JSON.stringify({ ...split, images: dataset.train.map(({ id }) => id) })}\n`)
  run.updateManifest({ datasetDigest: dataset.digest, inputs: { ...run.manifest.inputs, 'split.json': drawn } })
  return {
    context,
    outputs: new RunOutputs(run.outputsPath, knownHashes(context)),
    dataset,
    split,
    source,
    threads: openTrainThreads(settings.run.passWorkers),
    space: context.job === 'train' ? givenSpace(context, dataset.classes.length) : searchSpace(settings.space, dataset.classes.length),
    pairs: settings.space.branchPairs.map(branchesOf),
    classWeights: settings.data.classWeights === 'balanced' ? scan.suggestedWeights : undefined
  }
}

function changed(dataset: Dataset): AppError {
  return new AppError('data.changed', `${dataset.root || dataset.name}: the files are not those that the run began with (the digest is another).`)
}

/**
 * Scans when the run begins, and keeps what was found as an input. A resumed run takes it from there: its digest says that the files are
 * the same.
 */
async function scanned(context: RunContext, dataset: Dataset, source: SampleSource): Promise<DatasetScan> {
  const { run } = context
  const known = run.manifest.inputs[scanInput]
  if (known) return JSON.parse(Buffer.from(run.readInput(known)).toString('utf8')) as DatasetScan
  const scan = await scanDataset(dataset, (done, of) => context.progress('scan', done, of), source)
  if (scan.problems.length > 0) {
    const [first] = scan.problems
    const others = scan.problems.length === 1 ? '' : ` (and ${scan.problems.length - 1} more)`
    throw new AppError('data.found-problems', `${first.message}${others}`)
  }
  scan.notes.forEach((note) => context.notice(note))
  run.updateManifest({ inputs: { ...run.manifest.inputs, [scanInput]: run.addInput(scanInput, `${JSON.stringify(scan)}\n`) } })
  return scan
}

function knownHashes({ checkpoint }: RunContext): Record<string, string> {
  return (checkpoint?.info.outputs as Record<string, string> | undefined) ?? {}
}

function searchSpace(space: RunContext['settings']['space'], classes: number): SearchSpace {
  const { layers, baseWidth, widths, studentStemWidth } = space
  return { layers, baseWidth, widths, studentStemWidth, classes }
}
