/** The whole folder of a trained network, compared with the network itself on images of a dataset. */
import type { Architecture } from '../../shared/architecture.js'
import { normalisation } from '../data/normalisation.js'
import type { EvaluationSample } from '../evaluate/evaluate.js'
import { networkInput } from '../data/networkInput.js'
import type { NamedWeights } from '../graph/weights.js'
import { TrainedNetwork } from '../network/derived/trainedNetwork.js'
import { resizeBilinear } from '../tensor/resizeBilinear.js'
import { tf } from '../tensor/tf.js'
import { exportFolder, type ExportedFile, type ExportFolderOptions } from './exportFolder.js'
import type { ImageSize } from './exportedNetwork.js'
import type { SampleImage } from './parity.js'

/** Images of the validation split on which every export is compared with the network. */
export const parityImages = 3

export interface ExportTrainedOptions extends Pick<ExportFolderOptions, 'classes' | 'size' | 'folder'> {
  architecture: Architecture
  /** May hold auxiliary heads, which are left out. */
  weights: NamedWeights
  /** At least one; scaled to the exported size. */
  samples: AsyncIterable<EvaluationSample>
}

/** Throws what exportFolder throws. */
export async function exportTrained(options: ExportTrainedOptions): Promise<ExportedFile[]> {
  const { samples, size, ...rest } = options
  const network = TrainedNetwork.deployed(options.architecture, options.weights)
  try {
    return await exportFolder({
      ...rest,
      size,
      normalisation: { mean: [...normalisation.mean], deviation: [...normalisation.deviation] },
      sampleImages: await sampleImages(samples, size),
      reference: (image) => tf.tidy(() => network.forward(tf.tensor4d(image, [1, size.height, size.width, 3])).dataSync<'float32'>())
    })
  } finally {
    network.dispose()
  }
}

async function sampleImages(samples: AsyncIterable<EvaluationSample>, { height, width }: ImageSize): Promise<SampleImage[]> {
  const images: SampleImage[] = []
  for await (const sample of samples) {
    images.push({ name: sample.id, image: tf.tidy(() => resizeBilinear(networkInput(sample), [height, width]).dataSync<'float32'>()) })
  }
  return images
}
