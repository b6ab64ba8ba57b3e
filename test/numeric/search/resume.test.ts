/** A trainer that is taken down after any step and set up again from what it gave away goes on to the same bits. */
import { afterAll, describe, expect, it } from 'vitest'
import type { RunEvent } from '../../../src/shared/events.js'
import type { StoredTensor } from '../../../src/storage/safetensors.js'
import type { Trainable } from '../../../src/engine/steps/trainable.js'
import { copied, oneWidthSpace, tinyDerivedTrainer, tinyPretrainer, tinySearcher, tinyTeacher, type TinyOptions } from './tinyTraining.js'

type Open = (events: RunEvent[]) => Trainable

async function steps(trainable: Trainable, from: number, to: number): Promise<void> {
  for (let step = from; step < to; step++) expect((await trainable.step(step)).applied).toBe(true)
}

function expectSameBits(found: ReadonlyMap<string, StoredTensor>, expected: ReadonlyMap<string, StoredTensor>): void {
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort())
  for (const [name, { shape, data }] of expected) {
    const other = found.get(name)!
    expect(other.shape, name).toEqual(shape)
    expect(Buffer.from(other.data.buffer, other.data.byteOffset, other.data.byteLength)
      .equals(Buffer.from(data.buffer, data.byteOffset, data.byteLength)), name).toBe(true)
  }
}

/** Runs `count` steps straight, and again with a break after each step of `breaks`. */
async function compare(open: Open, count: number, breaks: readonly number[]): Promise<void> {
  const straightEvents: RunEvent[] = []
  const straight = open(straightEvents)
  const start = copied(straight.tensors())
  await steps(straight, 0, count)

  const events: RunEvent[] = []
  let trainable = open(events)
  let done = 0
  for (const until of [...breaks, count]) {
    await steps(trainable, done, until)
    done = until
    if (until === count) break
    const tensors = copied(trainable.tensors())
    const info = JSON.parse(JSON.stringify(trainable.info())) as Record<string, unknown>
    trainable.dispose()
    trainable = open(events)
    trainable.restore(tensors, info)
    expectSameBits(trainable.tensors(), tensors)
  }
  expectSameBits(trainable.tensors(), straight.tensors())
  expect(trainable.info()).toEqual(straight.info())
  expect(events).toEqual(straightEvents)
  // The comparison would hold for trainers that do nothing.
  const end = straight.tensors()
  const moved = [...start].filter(([name, { data }]) => end.get(name)!.data.some((value, index) => value !== data[index]))
  expect(moved.length).toBeGreaterThan(start.size / 4)
  straight.dispose()
  trainable.dispose()
}

describe('resuming gives the bits of the straight run', () => {
  const teacher = tinyTeacher()
  afterAll(() => { teacher.dispose() })
  const epochs: TinyOptions = { predictions: ['8'], settings: { search: { stepsPerEpoch: 3 }, train: { stepsPerEpoch: 2, patience: 2 } } }

  it('pretraining', () => compare((events) => tinyPretrainer({ predictions: ['8'] }, events), 4, [2]))

  it('search, over the end of an epoch', () => compare((events) => tinySearcher(epochs, events), 4, [1, 3]))

  it('search with masks', () => compare((events) => tinySearcher({ predictions: ['8'], settings: { search: { widthEstimator: 'masks' } } }, events), 2, [1]))

  it('search of the second order', () => compare((events) => tinySearcher({ predictions: ['8'], settings: { search: { order: 'second' } } }, events), 2, [1]))

  it('search with the latency controller, lambda included', async () => {
    const window = { latencyController: 'window', targetLatencyMs: 1e-3, stepsPerEpoch: 1, lambda: 3 } as const
    const events: RunEvent[] = []
    await compare((all) => tinySearcher({ space: oneWidthSpace, predictions: ['8'], settings: { search: window } }, all), 4, [1, 3])
    const searcher = tinySearcher({ space: oneWidthSpace, predictions: ['8'], settings: { search: window } }, events)
    await steps(searcher, 0, 2)
    expect(searcher.info()).toEqual({ lambda: 12 })
    searcher.dispose()
  })

  it('training with distillation, its best epoch included', () => compare((events) => tinyDerivedTrainer(teacher, epochs, events), 7, [1, 4]))
})

describe('a step whose numbers are not finite', () => {
  const teacher = tinyTeacher()
  afterAll(() => { teacher.dispose() })

  it.each([
    ['pretraining', (events: RunEvent[]) => tinyPretrainer({ predictions: ['8'], spoilt: [1] }, events)],
    ['search', (events: RunEvent[]) => tinySearcher({ predictions: ['8'], spoilt: [1] }, events)],
    ['training', (events: RunEvent[]) => tinyDerivedTrainer(teacher, { spoilt: [1] }, events)]
  ] as const)('is refused in %s, and leaves everything as it was', async (_, open) => {
    const events: RunEvent[] = []
    const trainable = open(events)
    await steps(trainable, 0, 1)
    const before = copied(trainable.tensors())
    expect((await trainable.step(1)).applied).toBe(false)
    expect(events.filter(({ type }) => type === 'step-refused')).toHaveLength(1)
    expectSameBits(trainable.tensors(), before)
    await steps(trainable, 2, 3)
    for (const [name, { data }] of trainable.tensors()) expect(data.every(Number.isFinite), name).toBe(true)
    trainable.dispose()
  })
})
