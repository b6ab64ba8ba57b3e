import { describe, expect, test } from 'vitest'
import { classWeights } from '../../../src/engine/data/classWeights.js'
import { openDataset } from '../../../src/engine/data/openDataset.js'
import { scanDataset } from '../../../src/engine/data/scan.js'
import { splitHalves } from '../../../src/engine/data/splitHalves.js'
import { dataSettings, grey, plainFiles, rgb, withFolder } from './datasetFolder.js'

describe('the scan before the start', () => {
  test('counts pixels, images and sizes, suggests weights, reports progress', async () => {
    const seen: string[] = []
    const scan = await withFolder(
      { ...plainFiles(), 'train/images/b.png': rgb(2, 10, 4), 'train/masks/b.png': grey(1, 10, 4) },
      async (root) => scanDataset(await openDataset(dataSettings({ source: root }), 1), (done, of) => seen.push(`${done}/${of}`))
    )
    expect(scan.train).toEqual({ images: 3, pixels: [48 + 24, 40 + 24], ignoredPixels: 0, imagesWithClass: [2, 2] })
    expect(scan.val).toEqual({ images: 2, pixels: [0, 48], ignoredPixels: 48, imagesWithClass: [0, 1] })
    expect(scan.sizes).toEqual([
      { height: 6, width: 8, images: 4 },
      { height: 4, width: 10, images: 1 }
    ])
    const raw = [72 / 136, 64 / 136].map((share) => 1 / Math.log(1.02 + share))
    expect(scan.suggestedWeights[0]).toBeCloseTo((2 * raw[0]) / (raw[0] + raw[1]), 12)
    expect(scan.notes).toEqual(['No validation image shows ground: the mean IoU leaves them out.'])
    expect(seen).toEqual(['1/5', '2/5', '3/5', '4/5', '5/5'])
  })

  test('finds a picture that stands in both splits', async () => {
    const files = plainFiles()
    const scan = await withFolder({ ...files, 'val/images/d.png': files['train/images/a.png'] }, async (root) =>
      scanDataset(await openDataset(dataSettings({ source: root }), 1))
    )
    expect(scan.leaks).toEqual([{ train: 'train/a', val: 'val/d' }])
    expect(scan.notes[0]).toBe('1 of 2 validation images also stand in the training split: scores will be too high.')
    expect(scan.problems).toEqual([])
  })

  test('lists every bad file, not only the first', async () => {
    const scan = await withFolder(
      { ...plainFiles(), 'train/images/a.png': '', 'train/masks/b.png': grey(9), 'val/masks/e.png': grey(1, 4, 4) },
      async (root) => scanDataset(await openDataset(dataSettings({ source: root }), 1))
    )
    expect(scan.problems.map(({ file, code }) => [file, code])).toEqual([
      ['train/images/a.png', 'data.bad-image'],
      ['train/masks/b.png', 'data.unknown-value'],
      ['val/masks/e.png', 'data.size-mismatch']
    ])
  })

  test('says so when everything is ignored', async () => {
    const files = { ...plainFiles(), 'train/masks/a.png': grey(255), 'train/masks/b.png': grey(255), 'train/masks/c.png': grey(255) }
    const scan = await withFolder(files, async (root) => scanDataset(await openDataset(dataSettings({ source: root }), 1)))
    expect(scan.notes).toContain('Every training pixel is ignored: nothing can be learnt.')
    expect(scan.suggestedWeights).toEqual([1, 1])
  })
})

describe('class weights', () => {
  test('mean 1 over the classes that occur, more for the rare', () => {
    const weights = classWeights([900, 90, 10, 0])
    expect((weights[0] + weights[1] + weights[2]) / 3).toBeCloseTo(1, 12)
    expect(weights[0] < weights[1] && weights[1] < weights[2]).toBe(true)
    expect(weights[2] / weights[0]).toBeCloseTo(Math.log(1.92) / Math.log(1.03), 12)
    expect(weights[3]).toBe(1)
  })
})

describe('the division of the training images', () => {
  test.each([
    [3, 0.1],
    [10, 0.1],
    [101, 0.25],
    [240, 0.5]
  ])('%i images, share %d: nothing lost, nothing twice', (count, share) => {
    const train = Array.from({ length: count }, (_, index) => ({
      id: String(index),
      source: { kind: 'files' as const, image: '', mask: '', imageHash: '', maskHash: '' }
    }))
    const { selection, halfA, halfB, trainAll } = splitHalves({ train }, 7, share)
    expect([...selection, ...halfA, ...halfB].sort((a, b) => a - b)).toEqual(train.map((_, index) => index))
    expect([...halfA, ...halfB].sort((a, b) => a - b)).toEqual(trainAll)
    expect(Math.abs(halfA.length - halfB.length)).toBeLessThanOrEqual(1)
    expect(selection.length).toBe(Math.min(count - 2, Math.max(1, Math.round(count * share))))
    expect(splitHalves({ train }, 7, share).halfA).toEqual(halfA)
  })

  test('two images are too few', () => {
    expect(() => splitHalves({ train: [] }, 1, 0.1)).toThrow(
      'expected at least 3 training images to divide into selection and two halves, found 0'
    )
  })
})
