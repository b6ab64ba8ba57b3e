import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build } from 'vite'
import { decode } from 'fast-png'
import { batchPicture } from '../../../src/engine/data/batchPicture.js'
import type { Dataset } from '../../../src/engine/data/dataset.js'
import { openBatchLoader } from '../../../src/engine/data/loader.js'
import type { BatchPlan } from '../../../src/engine/data/makeBatch.js'
import { openDataset } from '../../../src/engine/data/openDataset.js'
import { createSampleCache } from '../../../src/engine/data/sampleCache.js'
import { sampleOrder } from '../../../src/engine/data/sampleOrder.js'
import { scanDataset } from '../../../src/engine/data/scan.js'
import { openSampleSource } from '../../../src/engine/data/sampleSource.js'
import { dataSettings, plainFiles, rgb, withFolder } from './datasetFolder.js'

const settings = dataSettings({ height: 48, width: 80, streetsTrain: 7, streetsVal: 2, cropHeight: 32, cropWidth: 64 })
const planOf = (dataset: Dataset, changes: Partial<BatchPlan> = {}): BatchPlan => ({
  references: dataset.train,
  batch: 3,
  seed: 4,
  stream: 'train',
  augment: settings,
  ...changes
})

let folder: string
let threadFile: string

/** The thread runs from a bundle, as it does in the product. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cellscope-thread-'))
  await build({
    configFile: false,
    logLevel: 'silent',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node16',
      outDir: folder,
      rolldownOptions: {
        input: { loaderThread: resolve('src/engine/data/loaderThread.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  })
  threadFile = join(folder, 'loaderThread.cjs')
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true }))

describe('batches', () => {
  test.each([1, 2])('%i threads give the bytes that this process gives, in any order of steps', async (threads) => {
    const dataset = await openDataset(settings, 1)
    const here = openSampleSource(dataset, { threads: 0 })
    const there = openSampleSource(dataset, { threads, threadFile })
    expect([here.threads, there.threads]).toEqual([0, threads])
    const plain = openBatchLoader(here, planOf(dataset))
    const threaded = openBatchLoader(there, planOf(dataset))
    for (const step of [0, 1, 2, 3, 9, 4, 5]) {
      const { waitedMs: _here, ...expected } = await plain.next(step)
      const { waitedMs, ...found } = await threaded.next(step)
      expect(found).toEqual(expected)
      expect(waitedMs).toBeGreaterThanOrEqual(0)
    }
    expect(await there.sample(dataset.val[1])).toEqual(await here.sample(dataset.val[1]))
    there.close()
  })

  test('a resumed loader goes on with the very batch', async () => {
    const dataset = await openDataset(settings, 1)
    const straight = openBatchLoader(openSampleSource(dataset, { threads: 0 }), planOf(dataset))
    for (let step = 0; step < 5; step++) await straight.next(step)
    const resumed = openBatchLoader(openSampleSource(dataset, { threads: 0, cacheBytes: 0 }), planOf(dataset))
    const { waitedMs: _one, ...expected } = await straight.next(5)
    const { waitedMs: _two, ...found } = await resumed.next(5)
    expect(found).toEqual(expected)
  })

  test('two loaders of one source do not share draws', async () => {
    const dataset = await openDataset(settings, 1)
    const source = openSampleSource(dataset, { threads: 0 })
    const [first, second] = [
      openBatchLoader(source, planOf(dataset, { stream: 'weights' })),
      openBatchLoader(source, planOf(dataset, { stream: 'architecture' }))
    ]
    expect((await first.next(0)).images).not.toEqual((await second.next(0)).images)
  })

  test('every epoch shows every sample once, in another order', () => {
    const shown = Array.from({ length: 14 }, (_, step) => sampleOrder(1, 'train', step, 3, 7)).flat()
    const epochs = Array.from({ length: 6 }, (_, epoch) => shown.slice(epoch * 7, epoch * 7 + 7))
    for (const epoch of epochs) expect([...epoch].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(new Set(epochs.map((epoch) => epoch.join())).size).toBeGreaterThan(1)
  })

  test('the scan finds the same through a source, and the bad file with it', async () => {
    await withFolder({ ...plainFiles(), 'val/images/e.png': '' }, async (root) => {
      const dataset = await openDataset(dataSettings({ source: root }), 1)
      const source = openSampleSource(dataset, { threads: 1, threadFile })
      const scan = await scanDataset(dataset, undefined, source)
      expect(scan).toEqual(await scanDataset(dataset))
      expect(scan.problems).toHaveLength(1)
      source.close()
    })
  })

  test('a failing file reaches the step that needs it, as the error it is', async () => {
    await withFolder(plainFiles(), async (root) => {
      const dataset = await openDataset(dataSettings({ source: root }), 1)
      writeFileSync(join(root, 'train/images/a.png'), rgb(99))
      for (const options of [{ threads: 0 }, { threads: 1, threadFile }]) {
        const source = openSampleSource(dataset, options)
        const loader = openBatchLoader(source, planOf(dataset))
        await expect(loader.next(0)).rejects.toMatchObject({
          code: 'data.changed',
          message: 'train/images/a.png: expected the file as it was at the start, found other contents',
          kind: 'user'
        })
        source.close()
      }
    })
  })

  test('a batch larger than the dataset is refused', async () => {
    const dataset = await openDataset(settings, 1)
    const source = openSampleSource(dataset, { threads: 0 })
    expect(() => openBatchLoader(source, planOf(dataset, { batch: 8 }))).toThrow('expected at least 8 images for a batch of 8, found 7')
  })

  test('the cache stays below its limit and forgets the oldest', async () => {
    const dataset = await openDataset(settings, 1)
    const each = 48 * 80 * 4
    const cache = createSampleCache(dataset, 2 * each)
    const first = cache.load(dataset.train[0])
    cache.load(dataset.train[1])
    expect(cache.load(dataset.train[0])).toBe(first)
    cache.load(dataset.train[2])
    expect(cache.sizeBytes).toBe(2 * each)
    expect(cache.load(dataset.train[0])).toBe(first)
    const second = cache.load(dataset.train[1])
    expect(cache.load(dataset.train[1])).toBe(second)
    expect(cache.load(dataset.train[2])).toEqual(createSampleCache(dataset, 0).load(dataset.train[2]))
  })

  test('the picture of a batch shows images above and labels below', async () => {
    const dataset = await openDataset(settings, 1)
    const augment = { ...settings, scales: [1], flip: false, colourJitter: 0, cropHeight: 64, cropWidth: 96 }
    const source = openSampleSource(dataset, { threads: 0 })
    const batch = await openBatchLoader(source, planOf(dataset, { batch: 2, augment })).next(0)
    const picture = decode(batchPicture(batch, dataset.classes))
    expect([picture.width, picture.height, picture.channels]).toEqual([192, 128, 3])
    for (const pixel of [0, 64 * 96 - 1, 64 * 96, 2 * 64 * 96 - 1, 3000, 9000]) {
      const [index, row, column] = [Math.floor(pixel / (64 * 96)), Math.floor((pixel % (64 * 96)) / 96), pixel % 96]
      const label = batch.labels[pixel]
      const below = ((row + 64) * 192 + index * 96 + column) * 3
      expect(Array.from(picture.data.subarray(below, below + 3))).toEqual(label === 255 ? [0, 0, 0] : dataset.classes[label].colour)
      const above = (row * 192 + index * 96 + column) * 3
      expect(picture.data[above]).toBe(Math.round(Math.min(255, Math.max(0, (batch.images[pixel * 3] * 0.229 + 0.485) * 255))))
    }
  })
})
