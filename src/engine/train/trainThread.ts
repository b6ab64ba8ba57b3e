/** Entry of a thread that takes a part of each batch of a derived network's training, with a TensorFlow of its own. Built into a file of its own. */
import { parentPort } from 'node:worker_threads'
import { AppError, toAppError } from '../../shared/errors.js'
import type { Weight } from '../graph/weights.js'
import { TrainedNetwork } from '../network/derived/trainedNetwork.js'
import { readWeight, writeTensors } from '../search/sharedWeights.js'
import { tf } from '../tensor/tf.js'
import { partGradients, type BatchPart, type TrainLossOptions } from './trainLoss.js'
import type { TeacherLogits, TrainOpening, TrainReply, TrainRequest } from './trainMessages.js'

interface Opened {
  opening: TrainOpening
  network: TrainedNetwork
  options: TrainLossOptions
}

const known = new Map<number, Opened>()

parentPort?.on('message', (request: TrainRequest) => parentPort?.postMessage(answer(request)))

function answer(request: TrainRequest): TrainReply {
  try {
    if ('part' in request) return gradientsOf(request.network, request.part, request.teacherLogits)
    if ('open' in request) known.set(request.open.network, open(request.open))
    else close(request.close)
    return { done: true }
  } catch (error) {
    return { error: toAppError(error).report() }
  }
}

function open(opening: TrainOpening): Opened {
  const { architecture, auxiliaryHeads, loss, classWeights } = opening
  const ohem = { ...loss.ohem, ...(classWeights ? { classWeights: tf.tensor1d(classWeights) } : {}) }
  return { opening, network: new TrainedNetwork(architecture, currentWeights(opening), auxiliaryHeads), options: { ...loss, ohem } }
}

function gradientsOf(number: number, part: BatchPart, said: TeacherLogits | undefined): TrainReply {
  const opened = known.get(number)
  if (!opened) throw new AppError('internal', 'A part of a batch came for a network that is not open.')
  const { network, options, opening: { gradients, places } } = opened
  network.store.write(currentWeights(opened.opening))
  // Running statistics are those of the first part, which the step's own thread takes.
  const found = partGradients(network, part, said && tf.tensor4d(said.values, said.shape), options, false)
  const present = writeTensors(gradients, places, found.gradients)
  tf.dispose([...found.gradients.values()])
  return { loss: found.loss, parts: found.parts, present }
}

function close(number: number): void {
  const opened = known.get(number)
  opened?.network.dispose()
  opened?.options.ohem.classWeights?.dispose()
  known.delete(number)
}

function currentWeights({ places, weights }: TrainOpening): Map<string, Weight> {
  return new Map(places.map((place) => [place.name, readWeight(weights, place)]))
}
