/** A training batch in parts: what each part gives, and the same from threads side by side. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/core/random.js'
import { TrainedNetwork } from '../../../src/engine/network/derived/trainedNetwork.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { batchPartsOf } from '../../../src/engine/train/batchPartsOf.js'
import { partGradients, type BatchPart, type PartGradients, type TrainLossOptions } from '../../../src/engine/train/trainLoss.js'
import { openTrainTeam, openTrainThreads, type TrainThreads } from '../../../src/engine/train/trainTeam.js'
import { bundledThread, type BundledThread } from '../bundledThread.js'
import { tinyLoader, tinyStudent } from '../search/tinyTraining.js'

let thread: BundledThread
beforeAll(async () => void (thread = await bundledThread('src/engine/train/trainThread.ts')), 120_000)
afterAll(() => thread.remove())

const options = (): TrainLossOptions => ({
  lossStride: 2, auxiliaryWeight: 0.2, distillationWeight: 1, distillationTemperature: 2, distillationMean: 'right',
  ohem: { threshold: 0.7, keepFraction: 1 / 4, classWeights: tf.tensor1d([1, 2, 0.5]) }
})
const network = (): TrainedNetwork => TrainedNetwork.initial(tinyStudent, 2, true)

const said = (): tf.Tensor4D => {
  const draws = randomStream(1, 'teacher')
  return tf.tensor4d(Float32Array.from({ length: 5 * 16 * 32 * 3 }, () => draws.normal()), [5, 16, 32, 3])
}

/** Five images. */
async function parts(count: number): Promise<BatchPart[]> {
  const batches = await Promise.all([0, 1, 2].map((step) => tinyLoader('team').next(step)))
  const [{ height, width }] = batches
  const pixels = 5 * height * width
  const batch = {
    images: Float32Array.from(batches.flatMap(({ images }) => [...images]).slice(0, 3 * pixels)),
    labels: Uint8Array.from(batches.flatMap(({ labels }) => [...labels]).slice(0, pixels)),
    count: 5, height, width
  }
  return batchPartsOf(batch, count)
}

/** Two batches, the second with moved weights. */
async function walk(threads: TrainThreads, count: number): Promise<{ losses: Record<string, number>[]; gradients: Float32Array[] }> {
  const [own, loss, logits] = [network(), options(), said()]
  const team = openTrainTeam(own, loss, count, threads)
  const losses: Record<string, number>[] = []
  const gradients: Float32Array[] = []
  for (const step of [0, 1]) {
    const found = await team.gradients(await parts(count), logits)
    losses.push({ loss: found.loss, ...found.parts })
    for (const [name, gradient] of found.gradients) {
      gradients.push(gradient.dataSync<'float32'>())
      if (step === 0) tf.tidy(() => own.store.get(name).assign(tf.sub(own.store.get(name), tf.mul(gradient, 0.1))))
    }
    tf.dispose([...found.gradients.values()])
  }
  team.close()
  own.dispose()
  logits.dispose()
  loss.ohem.classWeights?.dispose()
  return { losses, gradients }
}

async function withThreads<Result>(workers: number, use: (threads: TrainThreads) => Promise<Result>): Promise<Result> {
  const threads = openTrainThreads(workers, thread.file)
  try {
    return await use(threads)
  } finally {
    threads.close()
  }
}

describe('parts of a batch', () => {
  it('hold every image once, the first ones one more where it does not come out even', async () => {
    const all = await parts(2)
    const [whole] = await parts(1)
    expect(all.map(({ count, share }) => [count, share])).toEqual([[3, 0.6], [2, 0.4]])
    for (const field of ['images', 'labels'] as const) {
      expect(all.flatMap((part) => [...part[field]])).toEqual([...whole[field]])
    }
    expect((await parts(9)).map(({ count }) => count)).toEqual([1, 1, 1, 1, 1])
  })

  it('give the mean of what each gives alone, by its share; the first moves the running statistics', async () => {
    const [own, other, loss] = [network(), network(), options()]
    const all = await parts(2)
    const alone = all.map((part, index): PartGradients => (
      partGradients(other, { ...part, share: 1 }, tf.slice(said(), [3 * index, 0, 0, 0], [part.count, 16, 32, 3]), loss, false)
    ))
    const team = openTrainTeam(own, loss, 2, openTrainThreads(1))
    const together = await team.gradients(all, said())
    expect(together.loss).toBeCloseTo(0.6 * alone[0].loss + 0.4 * alone[1].loss, 5)
    expect(together.parts.distillation).toBeCloseTo(0.6 * alone[0].parts.distillation + 0.4 * alone[1].parts.distillation, 5)
    for (const [name, gradient] of together.gradients) {
      const [first, second] = alone.map(({ gradients }) => gradients.get(name)?.dataSync() ?? [])
      const largest = Math.max(...first.map(Math.abs), ...second.map(Math.abs), 1e-6)
      gradient.dataSync().forEach((value, index) => expect(Math.abs(value - 0.6 * first[index] - 0.4 * second[index])).toBeLessThan(1e-5 * largest))
    }
    expect(together.gradients.size).toBe(own.store.variables.size)
    const recorded = network()
    partGradients(recorded, all[0], undefined, loss, true)
    expect(own.statistics.read()).toEqual(recorded.statistics.read())
    expect(other.statistics.read()).toEqual(network().statistics.read())
  })
})

describe('a training team', () => {
  it.each([2, 3])('of %i gives the bits that one thread gives, also with more parts than threads', async (workers) => {
    const count = 3
    const [alone, together] = [await withThreads(1, (threads) => walk(threads, count)), await withThreads(workers, (threads) => walk(threads, count))]
    expect(together.losses).toEqual(alone.losses)
    expect(together.gradients).toEqual(alone.gradients)
    expect(alone.losses[1].loss).not.toBe(alone.losses[0].loss)
    expect(alone.gradients.every((gradient) => gradient.some((value) => value !== 0))).toBe(true)
  })

  it('keeps networks apart that are trained in turn by the same threads', async () => {
    const alone = await withThreads(2, (threads) => walk(threads, 2))
    const inTurn = await withThreads(2, (threads) => Promise.all([walk(threads, 2), walk(threads, 2)]))
    expect(inTurn).toEqual([alone, alone])
  })

  it('says that a thread ended, and what went wrong in one', async () => {
    await withThreads(2, async (threads) => {
      const [own, loss] = [network(), options()]
      const team = openTrainTeam(own, loss, 2, threads)
      const [first, second] = await parts(2)
      await expect(team.gradients([first, { ...second, height: 7 }], undefined)).rejects.toThrow()
      tf.dispose([...(await team.gradients([first, second], undefined)).gradients.values()])
      threads.close()
      await expect(team.gradients([first, second], undefined)).rejects.toThrow(/takes parts of training batches ended/)
    })
  })

  it('leaves no tensor behind in this thread', async () => {
    await withThreads(2, async (threads) => {
      await walk(threads, 2)
      const before = tf.memory().numTensors
      await walk(threads, 2)
      expect(tf.memory().numTensors).toBe(before)
    })
  })
})
