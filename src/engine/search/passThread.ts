/** Entry of a thread that runs some of the passes of a supernet's step, with a TensorFlow of its own. Built into a file of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { toAppError } from '../../shared/errors.js'
import { Supernet } from '../network/supernet/supernet.js'
import { WeightStore } from '../network/weightStore.js'
import { tf } from '../tensor/tf.js'
import type { PassReply, PassRequest, PassThreadStart } from './passMessages.js'
import { PassWorker } from './passWorker.js'
import { numbersAt } from './sharedTraining.js'
import { SupernetTrainer } from './supernetTrainer.js'

const { space, predictions, loss, classWeights, shared, thread } = workerData as PassThreadStart
// The tensors of this store are the shared memory: it moves with the weights.
const store = new WeightStore(shared.places.map((place) => [place.name, { shape: place.shape, data: numbersAt(shared.weights, place) }]))
const lossOptions = { ...loss, ...(classWeights ? { classWeights: tf.tensor1d(classWeights) } : {}) }
// This thread never updates by itself; momentum and the rest come with each request.
const trainer = new SupernetTrainer(new Supernet(space, predictions), store, lossOptions, { momentum: 0, weightDecay: 0, clipNorm: 0 })
const worker = new PassWorker(trainer, shared, thread)

parentPort?.on('message', (request: PassRequest) => parentPort?.postMessage(answer(request)))

function answer(request: PassRequest): PassReply {
  try {
    return worker.answer(request)
  } catch (error) {
    return { error: toAppError(error).report() }
  }
}
