/** Job `export`: a network, trained or untrained, written in one format or as the folder with all of them. */
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../shared/errors.js'
import { exportInput, type JobInputs } from '../../shared/jobInputs.js'
import { makeFolders, removeTree, strayPrefix, writeFileAtomic } from '../../storage/atomicFile.js'
import { readBytes } from '../../storage/readBytes.js'
import { RunFolder } from '../../storage/runFolder.js'
import { encodeSafetensors, type StoredTensor } from '../../storage/safetensors.js'
import { openDataset } from '../data/openDataset.js'
import { openSampleSource } from '../data/sampleSource.js'
import type { ExportedFile } from '../export/exportFolder.js'
import { deployedGraph, onnxOf } from '../export/exportedNetwork.js'
import { exportTrained, parityImages } from '../export/exportTrained.js'
import { writeFolder } from '../export/writeFolder.js'
import { writeGraphModel } from '../graph/graphModel.js'
import { initialWeights } from '../graph/initialWeights.js'
import { weightOf, type NamedWeights } from '../graph/weights.js'
import { weightShapes } from '../graph/weightShapes.js'
import { job } from '../job.js'
import { openModel, readWeights, type OpenedModel } from './openModel.js'
import { samplesOfSplit } from './samplesOfSplit.js'

type ExportInput = JobInputs['export']

export const exportJob = job(exportInput, async (input): Promise<object> => {
  const model = openModel(input.model, input.network)
  const graph = deployedGraph(model.architecture, input)
  const weights = input.weights.kind === 'random' ? initialWeights(graph, input.weights.seed) : readWeights(model)
  makeFolders(dirname(input.out))
  const comparable = input.compare && (input.format === 'onnx' || input.format === 'tfjs')
  if (comparable) {
    const compared = await writeCompared(model, input, weights)
    if (compared !== undefined) return compared
  }
  const metadata = { weights: input.weights.kind === 'random' ? `random, seed ${input.weights.seed}` : 'trained' }
  const unread = comparable ? 'It was not compared: the images of its run could not be read.\n' : ''
  const answer = { out: input.out, text: `${unread}Written: ${input.out}` }
  switch (input.format) {
    case 'onnx':
      writeFileAtomic(input.out, onnxOf(model.architecture, weights, input, metadata))
      return answer
    case 'safetensors':
      writeFileAtomic(input.out, encodeSafetensors(storedWeights(model, input, weights), metadata))
      return answer
    case 'tfjs': {
      const files = writeGraphModel(graph, weights, metadata)
      await writeTfjs(input.out, JSON.stringify(files.model), files.weights)
      return answer
    }
    case 'folder': {
      const files = await writeWholeFolder(model, input, weights)
      return { out: input.out, files, ...worstOf(files), text: [...files.map(parityText), `Written: ${input.out}`].join('\n') }
    }
  }
})

/**
 * The whole folder is written aside and compared; what was asked for is then taken out of it. Undefined where the images of the run are
 * not there to compare on: a network can be taken away without them.
 */
async function writeCompared(model: OpenedModel, input: ExportInput, weights: NamedWeights): Promise<object | undefined> {
  const scratch = join(dirname(input.out), `${strayPrefix}${basename(input.out)}-compared`)
  try {
    const files = await writeWholeFolder(model, { ...input, out: scratch }, weights)
    const wanted = files.filter(({ format }) => (format === 'onnx') === (input.format === 'onnx'))
    if (input.format === 'onnx') writeFileAtomic(input.out, readBytes(join(scratch, 'model.onnx')))
    else await writeTfjs(input.out, readBytes(join(scratch, 'tfjs', 'model.json')), readBytes(join(scratch, 'tfjs', 'weights.bin')))
    return { out: input.out, ...worstOf(wanted), text: [...wanted.map(parityText), `Written: ${input.out}`].join('\n') }
  } catch (error) {
    if (error instanceof AppError && (error.code.startsWith('data.') || error.code === 'run.not-found')) return undefined
    throw error
  } finally {
    removeTree(scratch)
  }
}

async function writeTfjs(out: string, model: Uint8Array | string, weights: Uint8Array): Promise<void> {
  await writeFolder(
    out,
    (name) => name === 'model.json',
    (write) => {
      write('model.json', model)
      write('weights.bin', weights)
      return Promise.resolve()
    }
  )
}

function worstOf(files: ExportedFile[]): { largestDifference: number; argmaxAgreement: number } {
  return {
    largestDifference: Math.max(...files.map((file) => file.largestDifference)),
    argmaxAgreement: Math.min(...files.map((file) => file.argmaxAgreement))
  }
}

function parityText({ path, largestDifference, argmaxAgreement }: ExportedFile): string {
  return `${path} re-opened: largest difference ${largestDifference.toExponential(1)}, same class at ${(100 * argmaxAgreement).toFixed(2)} %`
}

function storedWeights({ architecture }: OpenedModel, size: ExportInput, weights: NamedWeights): Map<string, StoredTensor> {
  const shapes = [...weightShapes(deployedGraph(architecture, size))]
  return new Map(shapes.map(([name, shape]) => [name, { dtype: 'F32', shape, data: weightOf(weights, name, shape) }]))
}

/** Needs the images of a run: what is written is compared on them, and the class list is theirs. */
async function writeWholeFolder({ architecture, run }: OpenedModel, input: ExportInput, weights: NamedWeights): Promise<ExportedFile[]> {
  if (run === undefined) {
    throw new AppError('run.not-found', `${input.model}: a whole folder is compared on real images, and only a run knows its images.`, {
      hint: 'Name the run that made the network, or choose another --format.'
    })
  }
  const { settings } = RunFolder.open(run).manifest
  const dataset = await openDataset(settings.data, settings.seed)
  const source = openSampleSource(dataset)
  const { height, width } = input
  try {
    return await exportTrained({
      architecture,
      weights,
      classes: dataset.classes,
      size: { height, width },
      folder: input.out,
      samples: samplesOfSplit(source, dataset.val.slice(0, parityImages))
    })
  } finally {
    source.close()
  }
}
