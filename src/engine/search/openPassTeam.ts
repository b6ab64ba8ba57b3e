/**
 * Runs the steps of a supernet, on one thread or several side by side. On maps as small as a search's, one thread computes about as fast as
 * two, so a step's passes are dealt out instead (runtime.md; docs/decisions/009). Each thread has a TensorFlow of its own, whose weights are
 * one and the same shared memory; gradients are added in a fixed order, and each thread updates its share of the weights.
 */
import { AppError } from '../../shared/errors.js'
import { builtFile } from '../data/builtFile.js'
import type { Weight } from '../graph/weights.js'
import { openAskedThread, type AskedThread } from '../steps/askedThread.js'
import { tensorsShareMemory } from '../tensor/sharedFloats.js'
import type { ArchitectureGradients } from './architectureGradients.js'
import type { PassAnswer, PassReply, PassRequest, PassThreadStart } from './passMessages.js'
import { passShares } from './passShares.js'
import type { PassTeam } from './passTeam.js'
import { PassWorker } from './passWorker.js'
import { plainPassTeam } from './plainPassTeam.js'
import { numbersAt, readVelocities, sharedTraining, writeVelocities, type SharedTraining } from './sharedTraining.js'
import type { StepBatch } from './supernetBatch.js'
import type { ArchitectureStepPlan, SupernetStep, WeightStepPlan } from './supernetStep.js'
import type { SupernetTrainer, WeightStepResult } from './supernetTrainer.js'

/**
 * Takes the trainer's weights over: its `applyGradients` must not be called afterwards. `workers` counts the calling thread, too. On a GPU
 * all passes run on the calling thread, whatever `workers` says. `threadFile` is for tests.
 *
 * @throws AppError internal where several are wanted and the built thread file is missing
 */
export function openPassTeam(trainer: SupernetTrainer, workers: number, threadFile = builtFile('passThread.cjs')): PassTeam {
  if (!tensorsShareMemory()) return plainPassTeam(trainer)
  const shared = sharedTraining(trainer.weights.variables, workers)
  const placeOf = new Map(shared.places.map((place) => [place.name, place]))
  trainer.weights.moveInto((name) => numbersAt(shared.weights, placeOf.get(name)!))
  const helpers = Array.from({ length: workers - 1 }, (_, index) => startHelper(trainer, shared, index + 1, threadFile))
  return new SharedPassTeam(trainer, shared, helpers)
}

type PassHelper = AskedThread<PassRequest, PassReply>

function startHelper(trainer: SupernetTrainer, shared: SharedTraining, thread: number, threadFile: string | undefined): PassHelper {
  if (threadFile === undefined) {
    throw new AppError('internal', 'Several pass workers were asked for, but passThread.cjs is not there; run `npm run build`.')
  }
  const { classWeights, ...loss } = trainer.lossOptions
  const { space, predictions } = trainer.supernet
  const start: PassThreadStart = { space, predictions, loss, classWeights: classWeights ? [...classWeights.dataSync()] : null, shared, thread }
  return openAskedThread(threadFile, 'runs passes of the supernet', start)
}

class SharedPassTeam implements PassTeam {
  private readonly own: PassWorker

  constructor(private readonly trainer: SupernetTrainer, private readonly shared: SharedTraining, private readonly helpers: readonly PassHelper[]) {
    this.own = new PassWorker(trainer, shared, 0)
  }

  async weightStep(step: WeightStepPlan, batch: StepBatch, learningRate: number): Promise<WeightStepResult> {
    for (const { present } of this.shared.gradients) present.fill(0)
    const answers = await this.passes(step, batch)
    const losses = Object.assign({}, ...answers.map((answer) => expected(answer, 'losses').losses)) as Record<string, number>
    const sums = await this.everyone({ ask: 'add' })
    const norm = Math.sqrt(sums.reduce((sum, answer) => sum + expected(answer, 'squares').squares, 0))
    const applied = Number.isFinite(norm) && Object.values(losses).every(Number.isFinite)
    if (applied) await this.move(norm, learningRate)
    return { losses, applied }
  }

  async architectureGradients(step: ArchitectureStepPlan, batch: StepBatch): Promise<ArchitectureGradients> {
    const [own, ...others] = (await this.passes(step, batch)).map((answer) => expected(answer, 'architecture').architecture)
    for (const { losses, teacher, student } of others) {
      Object.assign(own.losses, losses)
      teacher.forEach((value, index) => (own.teacher[index] += value))
      student.forEach((value, index) => (own.student[index] += value))
    }
    return own
  }

  velocities(): Map<string, Weight> {
    return readVelocities(this.shared)
  }

  restore(weights: ReadonlyMap<string, Weight>, velocities: ReadonlyMap<string, Weight>): void {
    this.trainer.weights.write(weights)
    writeVelocities(this.shared, velocities)
  }

  close(): void {
    for (const helper of this.helpers) helper.close()
    this.own.dispose()
  }

  private async move(norm: number, learningRate: number): Promise<void> {
    const { momentum, weightDecay, clipNorm } = this.trainer.options
    // As PyTorch's clip_grad_norm_.
    const factor = clipNorm > 0 ? Math.min(1, clipNorm / (norm + 1e-6)) : 1
    const answers = await this.everyone({ ask: 'move', move: { factor, learningRate, momentum, weightDecay } })
    for (const answer of answers) expected(answer, 'moved')
  }

  private passes(step: SupernetStep, { images, labels, count, height, width }: StepBatch): Promise<PassAnswer[]> {
    const shares = passShares(this.trainer.supernet.space, step, 1 + this.helpers.length)
    const batch = { images, labels, count, height, width }
    return this.ask(shares.map((names) => ({ ask: 'passes', step, names, batch })))
  }

  private everyone(request: PassRequest): Promise<PassAnswer[]> {
    return this.ask([request, ...this.helpers.map(() => request)])
  }

  /** One request a thread, this thread's first; threads beyond the requests have nothing to do. */
  private async ask([own, ...others]: PassRequest[]): Promise<PassAnswer[]> {
    const asked = others.map((request, index) => this.helpers[index].ask(request))
    let found: PassAnswer
    try {
      found = this.own.answer(own)
    } finally {
      // Whatever happened here: nobody may still be at work when the next step begins.
      await Promise.allSettled(asked)
    }
    return [found, ...(await Promise.all(asked))]
  }
}

type AnswerWith<Key extends string> = Extract<PassAnswer, Record<Key, unknown>>

function expected<Key extends 'losses' | 'architecture' | 'squares' | 'moved'>(answer: PassAnswer, key: Key): AnswerWith<Key> {
  if (key in answer) return answer as AnswerWith<Key>
  throw new AppError('internal', 'A pass thread answered another question than it was asked.')
}
