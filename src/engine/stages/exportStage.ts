/** Stage `export`: the folder that a person takes away (outputs/export/NETWORK) and TensorBoard events (outputs/tensorboard). */
import { readJournal } from '../../storage/readJournal.js'
import { normalisation } from '../data/normalisation.js'
import { networkInput } from '../evaluate/networkInput.js'
import { exportFolder } from '../export/exportFolder.js'
import { exportTensorboard } from '../export/exportTensorboard.js'
import type { SampleImage } from '../export/parity.js'
import { resizeBilinear } from '../tensor/resizeBilinear.js'
import { tf } from '../tensor/tf.js'
import { architectureFile } from './deriveStage.js'
import type { StagePlan } from './stageTable.js'
import { trainedNetwork, trainedWeights } from './trainStage.js'
import { samplesOf, type Workplace } from './workplace.js'

/** Validation images on which every export is compared with the network. */
const parityImages = 3

export const exportStage: StagePlan = {
  stage: 'export',
  steps: 0,
  async run(workplace) {
    const { context, outputs, dataset } = workplace
    const { height, width } = context.settings.latency
    const student = trainedNetwork(workplace, 'student')
    try {
      const files = await exportFolder({
        architecture: outputs.readArchitecture(architectureFile('student')),
        weights: trainedWeights(workplace, 'student'),
        classes: dataset.classes,
        normalisation: { mean: [...normalisation.mean], deviation: [...normalisation.deviation] },
        size: { height, width },
        folder: outputs.path('export/student'),
        sampleImages: await sampleImages(workplace, { height, width }),
        reference: (image) => tf.tidy(() => student.forward(tf.tensor4d(image, [1, height, width, 3])).dataSync<'float32'>())
      })
      for (const { format, path, largestDifference, argmaxAgreement } of files) {
        context.emit({ type: 'exported', network: 'student', format, path, largestDifference, argmaxAgreement })
      }
      await exportTensorboard(readJournal(context.run.journalPath).entries, outputs.path('tensorboard'))
      return true
    } finally {
      student.dispose()
    }
  }
}

/** Validation images at the exported size. */
async function sampleImages(workplace: Workplace, size: { height: number; width: number }): Promise<SampleImage[]> {
  const images: SampleImage[] = []
  for await (const sample of samplesOf(workplace, workplace.dataset.val.slice(0, parityImages))) {
    const image = tf.tidy(() => resizeBilinear(networkInput(sample), [size.height, size.width]).dataSync<'float32'>())
    images.push({ name: sample.id, image })
  }
  return images
}
