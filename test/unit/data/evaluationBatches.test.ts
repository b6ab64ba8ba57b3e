import { expect, test } from 'vitest'
import { cropBack, evaluationBatches } from '../../../src/engine/data/evaluationBatches.js'
import { loadSample } from '../../../src/engine/data/loadSample.js'
import { openDataset } from '../../../src/engine/data/openDataset.js'
import { openSampleSource } from '../../../src/engine/data/sampleSource.js'
import { dataSettings, grey, rgb, withFolder } from './datasetFolder.js'

test('whole images, padded to multiples of 32 with the ignore label, cropped back to themselves', async () => {
  const sizes = [
    [40, 70],
    [40, 70],
    [40, 70],
    [33, 64],
    [40, 70]
  ]
  const files = Object.fromEntries([
    ['classes.json', '["a", "b"]'],
    ...sizes.flatMap(([height, width], index) => [
      [`val/images/${index}.png`, rgb(index, width, height)],
      [
        `val/masks/${index}.png`,
        grey(
          Array.from({ length: height * width }, (_, pixel) => pixel % 2),
          width,
          height
        )
      ]
    ]),
    ['train/images/x.png', rgb()],
    ['train/masks/x.png', grey(0)]
  ]) as Record<string, Buffer>
  await withFolder(files, async (root) => {
    const dataset = await openDataset(dataSettings({ source: root }), 1)
    const source = openSampleSource(dataset, { threads: 0 })
    const found: string[][] = []
    for await (const batch of evaluationBatches(source, dataset.val, 2)) {
      found.push(batch.ids)
      expect([batch.height % 32, batch.width % 32, batch.labels.length]).toEqual([0, 0, batch.count * batch.height * batch.width])
      for (const [index, id] of batch.ids.entries()) {
        const sample = loadSample(
          dataset,
          dataset.val.find((reference) => reference.id === id)!
        )
        const pixels = batch.height * batch.width
        const labels = batch.labels.subarray(index * pixels, (index + 1) * pixels)
        const images = batch.images.subarray(index * pixels * 3, (index + 1) * pixels * 3)
        expect(cropBack(labels, batch.width, 1, batch.imageHeight, batch.imageWidth)).toEqual(sample.mask)
        expect(labels.filter((label) => label !== 255).length).toBe(sample.mask.length)
        const cropped = cropBack(images, batch.width, 3, batch.imageHeight, batch.imageWidth)
        for (const at of [0, 1, 2, cropped.length - 1])
          expect(cropped[at]).toBeCloseTo((sample.image[at] / 255 - [0.485, 0.456, 0.406][at % 3]) / [0.229, 0.224, 0.225][at % 3], 5)
      }
    }
    expect(found).toEqual([['val/0', 'val/1'], ['val/2'], ['val/3'], ['val/4']])
  })
})
