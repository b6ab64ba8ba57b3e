/**
 * A training run without TensorFlow: a straight line fitted by SGD with momentum. It uses storage exactly as the engine does, takes
 * microseconds a step, and its result depends on every step: one that is lost or done twice changes the digest.
 */
import { randomStream } from '../../src/core/random.js'
import { settingsSchema } from '../../src/shared/config/settings.js'
import { digestRun } from '../../src/storage/digest.js'
import { RunFolder } from '../../src/storage/runFolder.js'
import type { StoredTensor } from '../../src/storage/safetensors.js'
import type { CheckpointReport } from '../../src/storage/checkpointStore.js'
import { kindOf } from '../../src/storage/storageError.js'
import type { JournalDamage } from '../../src/storage/journalScan.js'

export interface ToyOptions {
  steps: number
  checkpointSteps: number
  /** Numbers in the weights: large ones make writing take long enough to be killed in it. */
  size?: number
  /** Called after each step; a child process tells its parent here that it is at work. */
  onStep?: (step: number) => void
  /** Called when a checkpoint of so many steps is safe. */
  onSaved?: (position: number) => void
}

/** What resuming found. */
export interface ToyStart {
  position: number
  report: CheckpointReport | undefined
  journalDamage: JournalDamage | undefined
}

const seed = 1

/** Runs or resumes the toy in `folder` to its end; a folder that is not there yet is created. */
export function toyRun(folder: string, { steps, checkpointSteps, size = 8, onStep, onSaved }: ToyOptions): ToyStart {
  const run = openOrCreate(folder)
  const { journal, checkpoints, checkpoint } = run.startWork()
  const start: ToyStart = { position: checkpoint?.position ?? 0, report: checkpoint?.report, journalDamage: journal.damage }
  try {
    if (checkpoint?.info['finished'] === true) return start
    const fresh = toyState(size)
    const weights = restored(checkpoint?.tensors, 'weights') ?? fresh.weights
    const momentum = restored(checkpoint?.tensors, 'momentum') ?? fresh.momentum
    for (let step = start.position; step < steps; step++) {
      const loss = trainStep(step, weights, momentum)
      journal.append({ type: 'step', stage: 'search', step, loss, learningRate: 0.05 })
      onStep?.(step)
      const done = step + 1
      if (done === steps) journal.append({ type: 'run-finished', summary: { loss } })
      if (done % checkpointSteps !== 0 && done !== steps) continue
      const tensors = new Map<string, StoredTensor>([
        ['weights', { dtype: 'F32', shape: [size], data: weights }],
        ['momentum', { dtype: 'F32', shape: [size], data: momentum }]
      ])
      const info = { stage: 'search', finished: done === steps }
      checkpoints.save({ position: done, tensors, info, journal: journal.mark() }, { best: done === checkpointSteps })
      onSaved?.(done)
    }
    return start
  } finally {
    journal.close()
  }
}

/** The digest of the finished toy. */
export function toyDigest(folder: string): string {
  return digestRun(folder).sha256
}

function openOrCreate(folder: string): RunFolder {
  if (kindOf(folder) === 'folder') return RunFolder.open(folder)
  return RunFolder.create(folder, { name: 'toy', job: 'run', settings: settingsSchema.parse({ seed }), createdAt: '' })
}

function restored(tensors: ReadonlyMap<string, StoredTensor> | undefined, name: string): Float32Array | undefined {
  const found = tensors?.get(name)
  if (found !== undefined && found.dtype !== 'F32') throw new Error(`expected F32 for ${name}, found ${found.dtype}`)
  return found?.data
}

/** Weights and momentum before the first step. */
export function toyState(size: number): { weights: Float32Array; momentum: Float32Array } {
  return { weights: Float32Array.from({ length: size }, (_, index) => index / size), momentum: new Float32Array(size) }
}

/** One step of SGD with momentum on a fresh random sample; returns the loss. */
export function trainStep(step: number, weights: Float32Array, momentum: Float32Array): number {
  const random = randomStream(seed, 'toy', step)
  const index = random.integer(weights.length)
  const input = random.normal()
  const error = weights[index] * input - (0.5 * input + 0.1 * random.normal())
  for (let at = 0; at < weights.length; at++) {
    momentum[at] = 0.9 * momentum[at] + (at === index ? error * input : 0.001 * weights[at])
    weights[at] -= 0.05 * momentum[at]
  }
  return error * error
}
