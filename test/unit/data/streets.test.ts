import { describe, expect, test } from 'vitest'
import type { StreetSource } from '../../../src/engine/data/dataset.js'
import { loadSample } from '../../../src/engine/data/loadSample.js'
import { openDataset } from '../../../src/engine/data/openDataset.js'
import { scanDataset } from '../../../src/engine/data/scan.js'
import { renderStreetScene } from '../../../src/engine/data/streets/renderStreetScene.js'
import { streetClasses, streetIds } from '../../../src/engine/data/streets/streetClasses.js'
import { dataSettings } from './datasetFolder.js'

const scene = (changes: Partial<StreetSource> = {}) =>
  renderStreetScene({ kind: 'street', seed: 5, scene: 3, weather: 'clear', height: 64, width: 128, ...changes })

describe('street scenes', () => {
  test('the same source gives the same bytes, whatever was drawn in between', () => {
    const first = scene()
    scene({ scene: 8, height: 96, width: 160, weather: 'rain' })
    expect(scene()).toEqual(first)
  })

  test('another seed or scene gives another street', () => {
    expect(scene({ seed: 6 }).mask).not.toEqual(scene().mask)
    expect(scene({ scene: 4 }).mask).not.toEqual(scene().mask)
  })

  test('weather changes the picture and never the mask', () => {
    const clear = scene()
    for (const weather of ['fog', 'rain', 'dusk'] as const) {
      const other = scene({ weather })
      expect(other.mask).toEqual(clear.mask)
      const difference = other.image.reduce((sum, value, index) => sum + Math.abs(value - clear.image[index]), 0) / clear.image.length
      expect(difference).toBeGreaterThan(10)
    }
  })

  test.each([
    [32, 64],
    [33, 65],
    [128, 256],
    [96, 96],
    [200, 90]
  ])('any size: %i x %i', (height, width) => {
    const sample = scene({ height, width })
    expect([sample.height, sample.width, sample.image.length, sample.mask.length]).toEqual([
      height,
      width,
      height * width * 3,
      height * width
    ])
    expect(sample.mask.every((id) => id < streetClasses.length)).toBe(true)
  })

  test('a larger picture shows the same street', () => {
    const small = scene()
    const large = scene({ height: 128, width: 256 })
    let same = 0
    for (let y = 0; y < 64; y++) for (let x = 0; x < 128; x++) if (small.mask[y * 128 + x] === large.mask[2 * y * 256 + 2 * x]) same++
    expect(same / small.mask.length).toBeGreaterThan(0.95)
  })

  test('twelve classes occur, and honestly rarely: people, signs and poles have few pixels', async () => {
    const dataset = await openDataset(dataSettings({ height: 64, width: 128, streetsTrain: 60, streetsVal: 20 }), 1)
    const { train, val, problems, leaks, suggestedWeights, sizes } = await scanDataset(dataset)
    const total = train.pixels.reduce((sum, pixels) => sum + pixels, 0)
    const share = (name: keyof typeof streetIds) => train.pixels[streetIds[name]] / total
    expect([problems, leaks, total]).toEqual([[], [], 60 * 64 * 128])
    expect(train.pixels.every((pixels) => pixels > 0) && val.pixels.every((pixels) => pixels > 0)).toBe(true)
    for (const rare of ['person', 'sign', 'pole'] as const) expect(share(rare)).toBeLessThan(0.03)
    for (const rare of ['person', 'sign', 'pole'] as const) expect(share(rare)).toBeGreaterThan(0.001)
    for (const common of ['road', 'building'] as const) expect(share(common)).toBeGreaterThan(0.15)
    expect(suggestedWeights[streetIds.person]).toBeGreaterThan(4 * suggestedWeights[streetIds.road])
    expect(sizes).toEqual([{ height: 64, width: 128, images: 80 }])
  })

  test('training and validation scenes differ; the digest knows every setting', async () => {
    const open = async (changes: Parameters<typeof dataSettings>[0], seed = 1) =>
      openDataset(dataSettings({ height: 32, width: 64, streetsTrain: 4, streetsVal: 3, ...changes }), seed)
    const dataset = await open({})
    const pictures = [...dataset.train, ...dataset.val].map((reference) =>
      Buffer.from(loadSample(dataset, reference).image).toString('base64')
    )
    expect(new Set(pictures).size).toBe(7)
    const digests = [
      dataset,
      await open({}, 2),
      await open({ height: 64 }),
      await open({ streetsWeather: 'fog' }),
      await open({ streetsTrain: 5 })
    ].map(({ digest }) => digest)
    expect(new Set(digests).size).toBe(5)
    expect((await open({})).digest).toBe(dataset.digest)
  })

  test('mixed weather draws each kind', async () => {
    const dataset = await openDataset(dataSettings({ streetsWeather: 'mixed', streetsTrain: 60 }), 1)
    expect(new Set(dataset.train.map(({ source }) => source.kind === 'street' && source.weather))).toEqual(
      new Set(['clear', 'fog', 'rain', 'dusk'])
    )
  })
})
