/** Job `export`: a network, trained or untrained, written in one format or as the folder with all of them. */
import { dirname } from 'node:path'
import { AppError } from '../../shared/errors.js'
import { exportInput, type JobInputs } from '../../shared/jobInputs.js'
import { makeFolders, writeFileAtomic } from '../../storage/atomicFile.js'
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

export const exportJob = job(exportInput, async (input) => {
  const model = openModel(input.model, input.network)
  const graph = deployedGraph(model.architecture, input)
  const weights = input.weights.kind === 'random' ? initialWeights(graph, input.weights.seed) : readWeights(model)
  makeFolders(dirname(input.out))
  const metadata = { weights: input.weights.kind === 'random' ? `random, seed ${input.weights.seed}` : 'trained' }
  switch (input.format) {
    case 'onnx':
      writeFileAtomic(input.out, onnxOf(model.architecture, weights, input, metadata))
      break
    case 'safetensors':
      writeFileAtomic(input.out, encodeSafetensors(storedWeights(model, input, weights), metadata))
      break
    case 'tfjs': {
      const files = writeGraphModel(graph, weights, metadata)
      await writeFolder(
        input.out,
        (name) => name === 'model.json',
        (write) => {
          write('model.json', JSON.stringify(files.model))
          write('weights.bin', files.weights)
          return Promise.resolve()
        }
      )
      break
    }
    case 'folder': {
      const files = await writeWholeFolder(model, input, weights)
      return { out: input.out, files, text: [...files.map(parityText), `Written: ${input.out}`].join('\n') }
    }
  }
  return { out: input.out, text: `Written: ${input.out}` }
})

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
      hint: 'Name the run that made the network, or choose --format onnx, tfjs or safetensors.'
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
