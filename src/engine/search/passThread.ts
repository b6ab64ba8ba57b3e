/** Entry of a thread that runs some of the passes of a supernet's step, with a TensorFlow of its own. Built into a file of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { toAppError } from '../../shared/errors.js'
import type { Weight } from '../graph/weights.js'
import { Supernet } from '../network/supernet/supernet.js'
import { WeightStore } from '../network/weightStore.js'
import { tf } from '../tensor/tf.js'
import { architectureGradients } from './architectureGradients.js'
import type { PassReply, PassRequest, PassThreadStart } from './passMessages.js'
import { readWeight, writeTensors } from './sharedWeights.js'
import { supernetBatch } from './supernetBatch.js'
import { withWeightPasses } from './supernetStep.js'
import { SupernetTrainer } from './supernetTrainer.js'

const { space, predictions, loss, classWeights, places, weights, gradients } = workerData as PassThreadStart
const placeOf = new Map(places.map((place) => [place.name, place]))
const store = new WeightStore(currentWeights())
const lossOptions = { ...loss, ...(classWeights ? { classWeights: tf.tensor1d(classWeights) } : {}) }
// This thread only finds gradients; momentum and the update are the other one's.
const trainer = new SupernetTrainer(new Supernet(space, predictions), store, lossOptions, { momentum: 0, weightDecay: 0, clipNorm: 0 })

parentPort?.on('message', (request: PassRequest) => parentPort?.postMessage(answer(request)))

function answer({ step, names, batch: arrays, weightsMoved }: PassRequest): PassReply {
  try {
    if (weightsMoved) store.write({ get: currentWeight })
    const batch = supernetBatch(arrays)
    try {
      if (step.kind === 'architecture') return { architecture: architectureGradients(trainer, batch, step, names) }
      const found = withWeightPasses(space, step, names, (passes) => trainer.weightGradients(batch, passes))
      const present = writeTensors(gradients, places, found.gradients)
      tf.dispose([...found.gradients.values()])
      return { losses: found.losses, present }
    } finally {
      tf.dispose([batch.images, batch.labels])
    }
  } catch (error) {
    return { error: toAppError(error).report() }
  }
}

function* currentWeights(): Generator<[string, Weight]> {
  for (const place of places) yield [place.name, readWeight(weights, place)]
}

/** One at a time: copies of all of them would be as large as the supernet. */
function currentWeight(name: string): Weight | undefined {
  const place = placeOf.get(name)
  return place && readWeight(weights, place)
}
