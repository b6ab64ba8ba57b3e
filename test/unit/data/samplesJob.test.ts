/** Job `samples`: the pictures are the images and masks of the dataset, read back from their PNG. */
import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { loadSample } from '../../../src/engine/data/loadSample.js'
import { openDataset } from '../../../src/engine/data/openDataset.js'
import { runJob } from '../../../src/engine/job.js'
import { samplesJob } from '../../../src/engine/worker/samplesJob.js'
import type { Answers } from '../../../src/shared/clientProtocol.js'
import { dataSettings, type DataSettings } from '../../../src/shared/config/settings.js'
import { AppError } from '../../../src/shared/errors.js'
import { plainFiles, withFolder } from './datasetFolder.js'

const streets = (change: Partial<DataSettings> = {}): DataSettings =>
  dataSettings.parse({ source: 'streets', height: 64, width: 96, streetsTrain: 3, streetsVal: 2, cropHeight: 64, cropWidth: 96, ...change })

function samples(data: DataSettings, count: number, seed = 1): Promise<Answers['samples']> {
  return runJob({ samples: samplesJob }, 'samples', { data, seed, count }, { progress: () => undefined, stopRequested: () => false }) as Promise<Answers['samples']>
}

function pixels(uri: string): { height: number; width: number; data: number[] } {
  const { height, width, data, channels } = decode(Buffer.from(uri.split(',')[1], 'base64'))
  expect([channels, uri.startsWith('data:image/png;base64,')]).toEqual([3, true])
  return { height, width, data: [...data] }
}

describe('samples', () => {
  it('are the first images and their masks in class colours, training first', async () => {
    const data = streets()
    const answer = await samples(data, 5)
    const dataset = await openDataset(data, 1)
    const references = [...dataset.train, ...dataset.val]
    expect(answer.samples.map(({ id }) => id)).toEqual(references.map(({ id }) => id))
    for (const [index, sample] of answer.samples.entries()) {
      const { image, mask } = loadSample(dataset, references[index])
      expect(pixels(sample.image)).toEqual({ height: 64, width: 96, data: [...image] })
      expect(pixels(sample.truth).data).toEqual([...mask].flatMap((label) => (label === 255 ? [0, 0, 0] : answer.classes[label].colour)))
    }
    expect((await samples(data, 2)).samples).toHaveLength(2)
  })

  it('where nothing is drawn at random, training sees the image as it is; where something is, the same seed draws the same', async () => {
    const still = await samples(streets({ flip: false, scales: [1], colourJitter: 0 }), 1)
    const [seen, drawn] = [pixels(still.samples[0].image), pixels(still.samples[0].augmentedImage)]
    expect(Math.max(...seen.data.map((value, index) => Math.abs(value - drawn.data[index])))).toBeLessThanOrEqual(1)
    expect(still.samples[0].augmentedTruth).toBe(still.samples[0].truth)
    const [first, second, other] = [await samples(streets(), 3), await samples(streets(), 3), await samples(streets({ scales: [0.75, 1.25] }), 3, 2)]
    expect(second).toEqual(first)
    expect(other.samples.map(({ augmentedImage }) => augmentedImage)).not.toEqual(first.samples.map(({ augmentedImage }) => augmentedImage))
  })

  it('large images are shrunk for looking, and keep their own size in words', async () => {
    const { samples: [sample] } = await samples(streets({ height: 300, width: 1200, cropHeight: 64, cropWidth: 1024, scales: [1] }), 1)
    expect([sample.height, sample.width]).toEqual([300, 1200])
    for (const uri of [sample.image, sample.truth]) expect(pixels(uri)).toMatchObject({ height: 128, width: 512 })
    for (const uri of [sample.augmentedImage, sample.augmentedTruth]) expect(pixels(uri)).toMatchObject({ height: 32, width: 512 })
  })
})

it('another image stands in for a broken one; where none can be read the first reason is said', async () => {
  await withFolder({ ...plainFiles(), 'train/images/a.png': 'broken' }, async (root) => {
    const answer = await samples(dataSettings.parse({ source: root, cropHeight: 32, cropWidth: 32 }), 2)
    expect(answer.samples.map(({ id }) => id)).toEqual(['train/b', 'train/c'])
  })
  const allBroken = Object.fromEntries(Object.entries(plainFiles()).map(([name, content]) => [name, name.includes('images/') ? 'broken' : content]))
  await withFolder(allBroken, async (root) => {
    const error = await samples(dataSettings.parse({ source: root, cropHeight: 32, cropWidth: 32 }), 2).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(AppError)
    expect((error as AppError).message).toContain('train/images/a.png')
  })
})
