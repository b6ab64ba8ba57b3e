/**
 * Takes the parts of a training batch side by side: the calling thread the first ones, helping threads the others, each with a TensorFlow
 * of its own (docs/decisions/013). Weights and gradients go through shared memory; gradients are added in the order of the parts, so
 * the same parts give the same bits.
 */
import { AppError } from '../../shared/errors.js'
import { builtFile } from '../data/builtFile.js'
import type { TrainedNetwork } from '../network/derived/trainedNetwork.js'
import { addTensors, sharedBlock, weightPlaces, writeTensors } from '../search/sharedWeights.js'
import { accumulate } from '../tensor/accumulate.js'
import { tf } from '../tensor/tf.js'
import { openAskedThread, type AskedThread } from '../steps/askedThread.js'
import { partGradients, type BatchPart, type PartGradients, type TrainLossOptions } from './trainLoss.js'
import type { TrainReply, TrainRequest } from './trainMessages.js'

/** Threads that several trainings use one after the other: each costs a second to start. */
export interface TrainThreads {
  /** How many parts of a batch can be taken side by side, the calling thread's included. */
  readonly workers: number
  helper(index: number): AskedThread<TrainRequest, TrainReply>
  close(): void
}

/** None is started before it is needed. `threadFile` is for tests. */
export function openTrainThreads(workers: number, threadFile = builtFile('trainThread.cjs')): TrainThreads {
  const helpers: AskedThread<TrainRequest, TrainReply>[] = []
  return {
    workers,
    helper(index) {
      if (threadFile === undefined) throw new AppError('internal', 'Several pass workers were asked for, but trainThread.cjs is not there; run `npm run build`.')
      return (helpers[index] ??= openAskedThread(threadFile, 'takes parts of training batches'))
    },
    close: () => helpers.splice(0).forEach((helper) => helper.close())
  }
}

export interface TrainTeam {
  /**
   * Of the whole batch. Gradients are owned by whoever gets them. `teacherLogits` [N, H / lossStride, W / lossStride, classes] are the whole
   * batch's and stay the caller's.
   */
  gradients(parts: readonly BatchPart[], teacherLogits: tf.Tensor4D | undefined): Promise<PartGradients>
  /** The threads forget the network; they go on. */
  close(): void
}

/** Distinguishes the networks of one process for the threads. */
let networksOpened = 0

/** At most `parts` parts come at a time. */
export function openTrainTeam(network: TrainedNetwork, options: TrainLossOptions, parts: number, threads: TrainThreads): TrainTeam {
  const helpers = Array.from({ length: Math.min(parts, threads.workers) - 1 }, (_, index) => openHelper(network, options, threads.helper(index)))
  return {
    async gradients(all, teacherLogits) {
      const said = all.map((part, index) => teacherLogits && imagesOf(teacherLogits, all.slice(0, index), part))
      const sum: PartGradients = { loss: 0, parts: {}, gradients: new Map() }
      await Promise.all(helpers.map(({ opened }) => opened))
      // A round: the first part here, one each for the helpers.
      for (let start = 0; start < all.length; start += 1 + helpers.length) {
        const asked = all.slice(start + 1, start + 1 + helpers.length).map((part, index) => helpers[index].gradients(part, said[start + 1 + index]))
        // Reported when its turn comes.
        for (const answer of asked) void answer.catch(() => undefined)
        add(sum, partGradients(network, all[start], said[start], options, start === 0))
        for (const answer of asked) (await answer)(sum)
      }
      return sum
    },
    close: () => helpers.forEach((helper) => helper.close())
  }
}

/** The part's images, of a tensor over the whole batch. */
function imagesOf(all: tf.Tensor4D, before: readonly BatchPart[], { count }: BatchPart): tf.Tensor4D {
  const start = before.reduce((sum, part) => sum + part.count, 0)
  return tf.slice4d(all, [start, 0, 0, 0], [count, -1, -1, -1])
}

interface Helper {
  opened: Promise<unknown>
  /** Asks at once; the answer adds its part to a sum. Disposes the logits. */
  gradients(part: BatchPart, teacherLogits: tf.Tensor4D | undefined): Promise<(sum: PartGradients) => void>
  close(): void
}

function openHelper(network: TrainedNetwork, options: TrainLossOptions, thread: AskedThread<TrainRequest, TrainReply>): Helper {
  const { variables } = network.store
  const places = weightPlaces(variables)
  const weights = sharedBlock(places)
  const gradients = sharedBlock(places)
  const { ohem: { classWeights, ...ohem }, ...loss } = options
  const { architecture, auxiliaryHeads } = network
  const number = ++networksOpened
  writeTensors(weights, places, variables)
  const opened = thread.ask({
    open: {
      network: number, architecture, auxiliaryHeads, loss: { ...loss, ohem },
      classWeights: classWeights ? [...classWeights.dataSync()] : null, places, weights, gradients
    }
  })
  opened.catch(() => undefined)
  return {
    opened,
    gradients(part, logits) {
      writeTensors(weights, places, variables)
      const teacherLogits = logits && { shape: logits.shape, values: logits.dataSync<'float32'>() }
      logits?.dispose()
      return thread.ask({ network: number, part, teacherLogits }).then((reply) => {
        if (!('present' in reply)) throw new AppError('internal', 'A training thread answered another question than it was asked.')
        return (sum) => {
          addTensors(sum.gradients, gradients, places, reply.present)
          addLosses(sum, reply)
        }
      })
    },
    // Nobody waits for the answer, and a thread that died is told where its work is asked for.
    close: () => void thread.ask({ close: number }).catch(() => undefined)
  }
}

function add(sum: PartGradients, found: PartGradients): void {
  accumulate(sum.gradients, found.gradients)
  addLosses(sum, found)
}

function addLosses(sum: PartGradients, { loss, parts }: Omit<PartGradients, 'gradients'>): void {
  sum.loss += loss
  for (const [name, value] of Object.entries(parts)) sum.parts[name] = (sum.parts[name] ?? 0) + value
}
