/** Job `export`: a network, trained or untrained, written in one format or as the folder with all of them. */
import { dirname, join } from 'node:path'
import { AppError } from '../../shared/errors.js'
import { exportInput, type JobInputs } from '../../shared/jobInputs.js'
import { makeFolders, writeFileAtomic } from '../../storage/atomicFile.js'
import { RunFolder } from '../../storage/runFolder.js'
import { encodeSafetensors, type StoredTensor } from '../../storage/safetensors.js'
import { normalisation } from '../data/normalisation.js'
import { openDataset } from '../data/openDataset.js'
import { openSampleSource } from '../data/sampleSource.js'
import { networkInput } from '../evaluate/networkInput.js'
import { exportFolder } from '../export/exportFolder.js'
import { deployedGraph, onnxOf } from '../export/exportedNetwork.js'
import type { SampleImage } from '../export/parity.js'
import { writeFolder } from '../export/writeFolder.js'
import { writeGraphModel } from '../graph/graphModel.js'
import { initialWeights } from '../graph/initialWeights.js'
import { weightOf, type NamedWeights } from '../graph/weights.js'
import { weightShapes } from '../graph/weightShapes.js'
import { job } from '../job.js'
import { TrainedNetwork } from '../network/derived/trainedNetwork.js'
import { resizeBilinear } from '../tensor/resizeBilinear.js'
import { tf } from '../tensor/tf.js'
import { openModel, readWeights, type OpenedModel } from './openModel.js'
import { samplesOfSplit } from './samplesOfSplit.js'

type ExportInput = JobInputs['export']

/** Images on which the formats of a folder are compared. */
const parityImages = 3

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
    case 'folder':
      return { out: input.out, files: await writeWholeFolder(model, input, weights) }
  }
  return { out: input.out }
})

function storedWeights({ architecture }: OpenedModel, size: ExportInput, weights: NamedWeights): Map<string, StoredTensor> {
  const shapes = [...weightShapes(deployedGraph(architecture, size))]
  return new Map(shapes.map(([name, shape]) => [name, { dtype: 'F32', shape, data: weightOf(weights, name, shape) }]))
}

/** Needs the images of a run: what is written is compared on them, and the class list is theirs. */
async function writeWholeFolder({ architecture, run }: OpenedModel, input: ExportInput, weights: NamedWeights): Promise<unknown> {
  if (run === undefined) {
    throw new AppError('run.not-found', `${input.model}: a whole folder is compared on real images, and only a run knows its images.`, {
      hint: 'Name the run that made the network, or choose --format onnx, tfjs or safetensors.'
    })
  }
  const { settings } = RunFolder.open(run).manifest
  const dataset = await openDataset(settings.data, settings.seed)
  const source = openSampleSource(dataset)
  const network = new TrainedNetwork(architecture, new Map([...weights].filter(([name]) => !name.startsWith('auxiliary'))), false)
  const { height, width } = input
  const sampleImages: SampleImage[] = []
  try {
    for await (const sample of samplesOfSplit(source, dataset.val.slice(0, parityImages))) {
      sampleImages.push({
        name: sample.id,
        image: tf.tidy(() => resizeBilinear(networkInput(sample), [height, width]).dataSync<'float32'>())
      })
    }
    return await exportFolder({
      architecture,
      weights,
      classes: dataset.classes,
      normalisation: { mean: [...normalisation.mean], deviation: [...normalisation.deviation] },
      size: { height, width },
      folder: join(input.out),
      sampleImages,
      reference: (image) => tf.tidy(() => network.forward(tf.tensor4d(image, [1, height, width, 3])).dataSync<'float32'>())
    })
  } finally {
    source.close()
    network.dispose()
  }
}
