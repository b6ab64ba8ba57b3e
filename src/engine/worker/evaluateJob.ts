/** Job `evaluate`: a trained network on a split of a dataset, at full size. */
import { join } from 'node:path'
import { AppError } from '../../shared/errors.js'
import { evaluateInput } from '../../shared/jobInputs.js'
import { makeFolders } from '../../storage/atomicFile.js'
import { writeJsonFile } from '../../storage/jsonFile.js'
import type { Dataset } from '../data/dataset.js'
import { openDataset } from '../data/openDataset.js'
import { openSampleSource } from '../data/sampleSource.js'
import { evaluateNetwork, predict, type Evaluation } from '../evaluate/evaluate.js'
import { networkInput } from '../evaluate/networkInput.js'
import { writeOverlays, type OverlaySample } from '../evaluate/overlays.js'
import { job } from '../job.js'
import { TrainedNetwork } from '../network/derived/trainedNetwork.js'
import type { tf } from '../tensor/tf.js'
import { openModel, readWeights } from './openModel.js'
import { samplesOfSplit } from './samplesOfSplit.js'

/** Overlays are written of this many worst images. */
const pictures = 8

export const evaluateJob = job(evaluateInput, async ({ model, network: name, data, seed, split, out }, { progress }) => {
  const opened = openModel(model, name)
  const { architecture } = opened
  const weights = [...readWeights(opened)].filter(([weight]) => !weight.startsWith('auxiliary'))
  const dataset = await openDataset(data, seed, (done, of) => progress('Reading files', done, of))
  if (dataset.classes.length !== architecture.classes) {
    throw new AppError(
      'architecture.invalid',
      `${architecture.name} tells ${architecture.classes} classes apart, and ${dataset.name} has ${dataset.classes.length}.`,
      {
        hint: 'Take the dataset that the network was trained on.'
      }
    )
  }
  const network = new TrainedNetwork(architecture, new Map(weights), false)
  const source = openSampleSource(dataset)
  const how = { toInput: networkInput, forward: (images: tf.Tensor4D) => network.forward(images) }
  try {
    const references = dataset[split]
    const evaluation = await evaluateNetwork({
      ...how,
      classes: architecture.classes,
      samples: samplesOfSplit(source, references),
      detailed: true,
      afterImage: (done) => progress(`Evaluating ${architecture.name}`, done, references.length)
    })
    if (out !== null) {
      makeFolders(out)
      writeJsonFile(join(out, 'metrics.json'), { network: architecture.name, split, ...evaluation })
      const worst = evaluation.images.slice(0, pictures).flatMap(({ id }) => references.filter((reference) => reference.id === id))
      const samples: OverlaySample[] = []
      for await (const sample of samplesOfSplit(source, worst)) samples.push({ ...sample, student: predict(how, sample) })
      writeOverlays(join(out, 'overlays'), dataset.classes, samples)
    }
    return { scores: evaluation.scores, images: references.length, text: scoreText(evaluation, dataset, references.length) }
  } finally {
    source.close()
    network.dispose()
  }
})

function scoreText({ scores }: Evaluation, dataset: Dataset, images: number): string {
  const classes = scores.classIoU.map(
    (value, id) => `  ${dataset.classes[id].name}: ${value === null ? 'does not occur' : value.toFixed(3)}`
  )
  const optional = (label: string, value: number | undefined): string[] => (value === undefined ? [] : [`${label} ${value.toFixed(3)}`])
  return [
    ...classes,
    `mIoU ${scores.meanIoU.toFixed(3)} over ${images} images`,
    `pixel accuracy ${scores.pixelAccuracy.toFixed(3)}`,
    ...optional('boundary IoU', scores.boundaryIoU),
    ...optional('small-object IoU', scores.smallObjectIoU)
  ].join('\n')
}
