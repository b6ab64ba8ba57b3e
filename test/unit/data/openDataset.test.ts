import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadSample } from '../../../src/engine/data/loadSample.js'
import { openDataset } from '../../../src/engine/data/openDataset.js'
import { vocColour } from '../../../src/engine/data/readers/vocColour.js'
import { dataSettings, grey, jpg, plainFiles, rgb, withFolder } from './datasetFolder.js'
import { pngFile } from './pngFile.js'

describe('layouts', () => {
  test('CamVid by folders: class 11 counts for nothing', async () => {
    await withFolder(
      {
        'train/a.png': rgb(1),
        'trainannot/a.png': grey([3, 11, ...new Array<number>(46).fill(8)]),
        'val/b.png': rgb(2),
        'valannot/b.png': grey(0)
      },
      async (root) => {
        const dataset = await openDataset(dataSettings({ source: root }), 1)
        expect(dataset.layout).toBe('camvid')
        expect(dataset.classes.map((one) => one.name)).toEqual([
          'Sky',
          'Building',
          'Pole',
          'Road',
          'Pavement',
          'Tree',
          'SignSymbol',
          'Fence',
          'Car',
          'Pedestrian',
          'Bicyclist'
        ])
        expect(Array.from(loadSample(dataset, dataset.train[0]).mask.subarray(0, 3))).toEqual([3, 255, 8])
      }
    )
  })

  test('CamVid by list files as SegNet wrote them', async () => {
    const files = {
      'train/a.png': rgb(1),
      'trainannot/a.png': grey(1),
      'val/b.png': rgb(2),
      'valannot/b.png': grey(2),
      'train.txt': '/SegNet/CamVid/train/a.png /SegNet/CamVid/trainannot/a.png\r\n',
      'val.txt': 'val/b.png valannot/b.png'
    }
    const dataset = await withFolder(files, (root) => openDataset(dataSettings({ source: root }), 1))
    expect(dataset.train.map(({ source }) => source)).toMatchObject([{ image: 'train/a.png', mask: 'trainannot/a.png' }])
    expect(dataset.val.map(({ id }) => id)).toEqual(['val/b'])
  })

  test('Cityscapes by label ids: 19 classes, the rest counts for nothing', async () => {
    const files = {
      'leftImg8bit/train/ulm/ulm_1_leftImg8bit.png': rgb(1),
      'gtFine/train/ulm/ulm_1_gtFine_labelIds.png': grey([7, 8, 33, 0, 4, ...new Array<number>(43).fill(26)]),
      'leftImg8bit/val/bonn/bonn_1_leftImg8bit.png': rgb(2),
      'gtFine/val/bonn/bonn_1_gtFine_labelIds.png': grey(7)
    }
    await withFolder(files, async (root) => {
      const dataset = await openDataset(dataSettings({ source: root }), 1)
      expect([dataset.layout, dataset.classes.length, dataset.train[0].id]).toEqual(['cityscapes', 19, 'train/ulm/ulm_1'])
      expect(Array.from(loadSample(dataset, dataset.train[0]).mask.subarray(0, 6))).toEqual([0, 1, 18, 255, 255, 13])
    })
  })

  test('Cityscapes by train ids, where there are any', async () => {
    const files = {
      'leftImg8bit/train/ulm/ulm_1_leftImg8bit.png': rgb(1),
      'gtFine/train/ulm/ulm_1_gtFine_labelTrainIds.png': grey([18, 255, ...new Array<number>(46).fill(0)]),
      'gtFine/train/ulm/ulm_1_gtFine_labelIds.png': grey(7),
      'leftImg8bit/val/bonn/bonn_1_leftImg8bit.png': rgb(2),
      'gtFine/val/bonn/bonn_1_gtFine_labelTrainIds.png': grey(0)
    }
    await withFolder(files, async (root) => {
      const dataset = await openDataset(dataSettings({ source: root }), 1)
      expect(Array.from(loadSample(dataset, dataset.train[0]).mask.subarray(0, 3))).toEqual([18, 255, 0])
    })
  })

  test('Pascal VOC: palette masks, JPEG images, lists', async () => {
    const palette = Array.from({ length: 256 }, (_, index) => vocColour(index))
    const mask = pngFile({ width: 8, height: 6, colourType: 3, values: [15, 255, ...new Array<number>(46).fill(0)], palette })
    const files = {
      'JPEGImages/2007_1.jpg': jpg(),
      'JPEGImages/2007_2.jpg': jpg(),
      'JPEGImages/unlisted.jpg': jpg(),
      'SegmentationClass/2007_1.png': mask,
      'SegmentationClass/2007_2.png': mask,
      'ImageSets/Segmentation/train.txt': '2007_1\n',
      'ImageSets/Segmentation/val.txt': '2007_2\n'
    }
    await withFolder(files, async (root) => {
      const dataset = await openDataset(dataSettings({ source: root }), 1)
      expect([dataset.layout, dataset.classes[15], dataset.train.length, dataset.val.length]).toEqual([
        'voc',
        { name: 'person', colour: [192, 128, 128] },
        1,
        1
      ])
      expect(Array.from(loadSample(dataset, dataset.train[0]).mask.subarray(0, 3))).toEqual([15, 255, 0])
    })
  })

  test('a plain folder with RGB masks, an ignored colour and values that are not in order', async () => {
    const classes = {
      classes: [
        { name: 'ground', colour: [0, 0, 0], value: 5 },
        { name: 'thing', colour: [200, 0, 0], value: 3 }
      ],
      ignore: [[9, 9, 9], 0]
    }
    const colours = [[200, 0, 0], [9, 9, 9], ...new Array<number[]>(46).fill([0, 0, 0])].flat()
    const files = {
      'classes.json': JSON.stringify(classes),
      'images/train/a.png': rgb(1),
      'masks/train/a_mask.png': pngFile({ width: 8, height: 6, colourType: 2, values: colours }),
      'images/val/b.png': rgb(2),
      'masks/val/b.png': grey([3, 0, ...new Array<number>(46).fill(5)])
    }
    await withFolder(files, async (root) => {
      const dataset = await openDataset(dataSettings({ source: root }), 1)
      for (const reference of [dataset.train[0], dataset.val[0]])
        expect(Array.from(loadSample(dataset, reference).mask.subarray(0, 4))).toEqual([1, 255, 0, 0])
    })
  })

  test('palette masks read by colour, however the palette is ordered', async () => {
    const classes = {
      masks: 'colours',
      classes: [
        { name: 'ground', colour: [0, 0, 0] },
        { name: 'thing', colour: [200, 0, 0] }
      ]
    }
    const mask = pngFile({
      width: 8,
      height: 6,
      colourType: 3,
      depth: 1,
      values: [1, ...new Array<number>(47).fill(0)],
      palette: [
        [200, 0, 0],
        [0, 0, 0]
      ]
    })
    await withFolder(
      { 'classes.json': JSON.stringify(classes), 'images/a.png': rgb(1), 'masks/a.png': mask, 'images/b.png': rgb(2), 'masks/b.png': mask },
      async (root) => {
        const dataset = await openDataset(dataSettings({ source: root }), 1)
        expect(Array.from(loadSample(dataset, dataset.train[0]).mask.subarray(0, 3))).toEqual([0, 1, 1])
      }
    )
  })
})

describe('splits, sizes and digests', () => {
  const ten = Object.fromEntries([
    ['classes.json', '["a", "b"]'],
    ...Array.from({ length: 10 }, (_, index) => [
      [`images/${index}.png`, rgb(index)],
      [`masks/${index}.png`, grey(index % 2)]
    ]).flat()
  ]) as Record<string, Buffer>

  test('without a validation split one is drawn from the seed, and said aloud', async () => {
    await withFolder(ten, async (root) => {
      const open = async (seed: number) => openDataset(dataSettings({ source: root }), seed)
      const first = await open(1)
      expect(first.notes).toEqual(['The dataset has no validation split: 2 of its 10 images were drawn for it with seed 1.'])
      expect([...first.train, ...first.val].map(({ id }) => id).sort()).toEqual(Array.from({ length: 10 }, (_, index) => String(index)))
      expect((await open(1)).val).toEqual(first.val)
      const others = await Promise.all([2, 3, 4, 5].map(open))
      expect(others.some((other) => JSON.stringify(other.val) !== JSON.stringify(first.val))).toBe(true)
    })
  })

  test('the digest stays when the folder moves and changes with any byte', async () => {
    await withFolder(plainFiles(), async (root) => {
      const digest = async (folder: string) => (await openDataset(dataSettings({ source: folder }), 1)).digest
      const before = await digest(root)
      const moved = join(root, '..', 'elsewhere')
      cpSync(root, moved, { recursive: true })
      expect(await digest(moved)).toBe(before)
      writeFileSync(join(moved, 'val/masks/e.png'), grey(0))
      expect(await digest(moved)).not.toBe(before)
    })
  })

  test('samples are scaled to the size that is asked for', async () => {
    await withFolder(plainFiles(), async (root) => {
      const dataset = await openDataset(dataSettings({ source: root, height: 12, width: 4 }), 1)
      const sample = loadSample(dataset, dataset.train[2])
      expect([sample.height, sample.width, sample.image.length, sample.mask.length]).toEqual([12, 4, 144, 48])
    })
  })

  test('a file that changes or goes away after opening stops the run', async () => {
    await withFolder(plainFiles(), async (root) => {
      const dataset = await openDataset(dataSettings({ source: root }), 1)
      writeFileSync(join(root, 'train/images/a.png'), rgb(77))
      rmSync(join(root, 'train/masks/b.png'))
      expect(() => loadSample(dataset, dataset.train[0])).toThrow(
        'train/images/a.png: expected the file as it was at the start, found other contents'
      )
      expect(() => loadSample(dataset, dataset.train[1])).toThrow(
        'train/masks/b.png: expected the file that was there at the start, found nothing'
      )
    })
  })
})
