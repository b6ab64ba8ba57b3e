/** Job `evaluate`: a trained network on a split of a dataset, at full size. */
import { join } from 'node:path'
import { AppError } from '../../shared/errors.js'
import { scoreNames, type ScoreName } from '../../shared/events.js'
import { evaluateInput } from '../../shared/jobInputs.js'
import { makeFolders } from '../../storage/atomicFile.js'
import { writeJsonFile } from '../../storage/jsonFile.js'
import type { Dataset } from '../data/dataset.js'
import { openDataset } from '../data/openDataset.js'
import { openSampleSource } from '../data/sampleSource.js'
import { evaluateNetwork, predict, type Evaluation } from '../evaluate/evaluate.js'
import { networkInput } from '../data/networkInput.js'
import { writeOverlays, type OverlaySample } from '../evaluate/overlays.js'
import { job } from '../job.js'
import { TrainedNetwork } from '../network/derived/trainedNetwork.js'
import type { tf } from '../tensor/tf.js'
import { openModel, readWeights, type OpenedModel } from './openModel.js'
import { samplesOfSplit } from './samplesOfSplit.js'

/** Overlays are written of this many worst images. */
const pictures = 8

export const evaluateJob = job(evaluateInput, async ({ model, network: name, data, seed, split, out }, { progress }) => {
  const opened = openModel(model, name)
  const { architecture } = opened
  const weights = readWeights(opened)
  const dataset = await openDataset(data, seed, (done, of) => progress('Reading files', done, of))
  refuseOtherClasses(opened, dataset)
  const network = TrainedNetwork.deployed(architecture, weights)
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
    const text = scoreText(evaluation, dataset, split, references.length)
    const written = out === null ? '' : `\nWritten: ${join(out, 'metrics.json')} and ${join(out, 'overlays')}`
    return { scores: evaluation.scores, images: references.length, text: text + written }
  } finally {
    source.close()
    network.dispose()
  }
})

/** The same number of other classes would give numbers that mean nothing; a model that brings its class list is compared by name. */
function refuseOtherClasses({ architecture, classNames }: OpenedModel, { name, classes }: Dataset): void {
  const hint = 'Take the dataset that the network was trained on.'
  if (classes.length !== architecture.classes) {
    const sentence = `${architecture.name} tells ${architecture.classes} classes apart, and ${name} has ${classes.length}.`
    throw new AppError('architecture.invalid', sentence, { hint })
  }
  const other = classNames === undefined ? -1 : classes.findIndex((entry, label) => entry.name !== classNames[label])
  if (classNames === undefined || other < 0) return
  const sentence = `Class ${other} of ${architecture.name} is "${classNames[other]}", and of ${name} "${classes[other].name}".`
  throw new AppError('architecture.invalid', sentence, { hint })
}

const scoreTitles: Record<ScoreName, string> = {
  meanIoU: 'mean IoU',
  pixelAccuracy: 'pixel accuracy',
  boundaryIoU: 'boundary IoU',
  smallObjectIoU: 'small-object IoU'
}

function scoreText({ scores }: Evaluation, { name, classes }: Dataset, split: string, images: number): string {
  const rows: [string, number | null | undefined][] = [
    ...scores.classIoU.map((value, label): [string, number | null] => [`  ${classes[label].name}`, value]),
    ...scoreNames.map((score): [string, number | undefined] => [scoreTitles[score], scores[score]])
  ]
  const length = Math.max(...rows.map(([label]) => label.length))
  const lines = rows.flatMap(([label, value]) =>
    value === undefined ? [] : [`${label.padEnd(length)}  ${value === null ? 'does not occur' : value.toFixed(3)}`]
  )
  return [`IoU over ${images} ${split} images of ${name}:`, ...lines].join('\n')
}
