/**
 * Runs the passes of a supernet's step, on one thread or several side by side. On maps as small as a search's, one thread computes about
 * as fast as two, so a step's passes are dealt out instead (runtime.md; docs/decisions/009). Each thread has a TensorFlow of its own;
 * weights and gradients go through shared memory, and gradients are added in a fixed order.
 */
import { Worker } from 'node:worker_threads'
import { AppError } from '../../shared/errors.js'
import { builtFile } from '../data/builtFile.js'
import { tf } from '../tensor/tf.js'
import { architectureGradients, type ArchitectureGradients } from './architectureGradients.js'
import type { PassReply, PassRequest, PassThreadStart } from './passMessages.js'
import { passShares } from './passShares.js'
import { addTensors, sharedBlock, weightPlaces, writeTensors, type WeightPlace } from './sharedWeights.js'
import { supernetBatch, type StepBatch } from './supernetBatch.js'
import { withWeightPasses, type ArchitectureStepPlan, type SupernetStep, type WeightStepPlan } from './supernetStep.js'
import type { SupernetTrainer, WeightGradients } from './supernetTrainer.js'

export interface PassTeam {
  weightGradients(step: WeightStepPlan, batch: StepBatch): Promise<WeightGradients>
  architectureGradients(step: ArchitectureStepPlan, batch: StepBatch): Promise<ArchitectureGradients>
  /** To be called when the trainer's weights were changed. */
  weightsMoved(): void
  close(): void
}

/**
 * `workers` counts the calling thread, too; more than there are passes are not started. `threadFile` is for tests.
 *
 * @throws AppError internal where several are wanted and the built thread file is missing
 */
export function openPassTeam(trainer: SupernetTrainer, workers: number, threadFile = builtFile('passThread.cjs')): PassTeam {
  const { space } = trainer.supernet
  const helpers = Array.from({ length: Math.max(0, workers - 1) }, () => startHelper(trainer, threadFile))
  let moved = false

  async function shared<Own>(step: SupernetStep, batch: StepBatch, run: (names: string[]) => Own): Promise<{ own: Own; replies: { helper: Helper; reply: PassReply }[] }> {
    const [ownNames, ...others] = passShares(space, step, 1 + helpers.length)
    if (moved) helpers.forEach((helper) => writeTensors(helper.weights, helper.places, trainer.weights.variables))
    const { images, labels, count, height, width } = batch
    const asked = others.map(async (names, index) => {
      const helper = helpers[index]
      return { helper, reply: await helper.ask({ step, names, batch: { images, labels, count, height, width }, weightsMoved: moved }) }
    })
    moved = false
    const own = run(ownNames)
    return { own, replies: await Promise.all(asked) }
  }

  return {
    async weightGradients(step, batch) {
      const { own, replies } = await shared(step, batch, (names) => {
        const tensors = supernetBatch(batch)
        const found = withWeightPasses(space, step, names, (passes) => trainer.weightGradients(tensors, passes))
        tf.dispose([tensors.images, tensors.labels])
        return found
      })
      for (const { helper, reply } of replies) {
        if (!('present' in reply)) throw unexpected(reply)
        Object.assign(own.losses, reply.losses)
        addTensors(own.gradients, helper.gradients, helper.places, reply.present)
      }
      return own
    },
    async architectureGradients(step, batch) {
      const { own, replies } = await shared(step, batch, (names) => {
        const tensors = supernetBatch(batch)
        const found = architectureGradients(trainer, tensors, step, names)
        tf.dispose([tensors.images, tensors.labels])
        return found
      })
      for (const { reply } of replies) {
        if (!('architecture' in reply)) throw unexpected(reply)
        const { losses, teacher, student } = reply.architecture
        Object.assign(own.losses, losses)
        teacher.forEach((value, index) => (own.teacher[index] += value))
        student.forEach((value, index) => (own.student[index] += value))
      }
      return own
    },
    weightsMoved: () => void (moved = true),
    close: () => helpers.forEach((helper) => helper.close())
  }
}

interface Helper {
  places: WeightPlace[]
  weights: Float32Array
  gradients: Float32Array
  ask(request: PassRequest): Promise<PassReply>
  close(): void
}

function startHelper(trainer: SupernetTrainer, threadFile: string | undefined): Helper {
  if (threadFile === undefined) throw new AppError('internal', 'Several pass workers were asked for, but passThread.cjs is not there; run `npm run build`.')
  const places = weightPlaces(trainer.weights.variables)
  const weights = sharedBlock(places)
  const gradients = sharedBlock(places)
  writeTensors(weights, places, trainer.weights.variables)
  const { classWeights, ...loss } = trainer.lossOptions
  const workerData: PassThreadStart = {
    space: trainer.supernet.space,
    predictions: trainer.supernet.predictions,
    loss,
    classWeights: classWeights ? [...classWeights.dataSync()] : null,
    places, weights, gradients
  }
  const thread = new Worker(threadFile, { workerData })
  let settle: ((reply: PassReply) => void) | undefined
  let died: PassReply | undefined
  const end = (text: string): void => {
    died = { error: new AppError('engine.crashed', `A thread that runs passes of the supernet ended: ${text}.`).report() }
    settle?.(died)
  }
  thread.on('message', (reply: PassReply) => settle?.(reply))
  thread.on('error', (error) => end(error.message))
  thread.on('exit', (code) => end(`exit code ${code}`))
  return {
    places, weights, gradients,
    ask: (request) => new Promise((resolve) => {
      if (died) return resolve(died)
      settle = resolve
      thread.postMessage(request)
    }),
    close: () => void thread.terminate()
  }
}

function unexpected(reply: PassReply): AppError {
  return 'error' in reply ? AppError.from(reply.error) : new AppError('internal', 'A pass thread answered another question than it was asked.')
}
