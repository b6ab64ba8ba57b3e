/** Bad inputs and the sentence each one gets. Every case is a small dataset that is right but for one thing. */
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { DataSettings } from '../../../src/shared/config/settings.js'
import { toAppError } from '../../../src/shared/errors.js'
import { openDataset } from '../../../src/engine/data/openDataset.js'
import { scanDataset } from '../../../src/engine/data/scan.js'
import { dataSettings, grey, jpg, plainFiles, rgb, withFolder, type Files } from './datasetFolder.js'
import { chunk, pngFile, pngHeader } from './pngFile.js'

interface Case {
  name: string
  /** Files that are added to the right dataset or replace its own; null takes one away. */
  change?: Record<string, string | Uint8Array | null>
  /** A whole other dataset instead. */
  files?: Files
  settings?: Partial<DataSettings>
  code: string
  /** ROOT stands for the folder. */
  message: string
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const good = rgb(1)
const sixteenBits = (top: number) => Array.from({ length: 8 * 6 * 3 }, (_, index) => (index * 101) % top)
const camvidFiles: Files = { 'train/x.png': rgb(1), 'trainannot/x.png': grey(3), 'val/y.png': rgb(2), 'valannot/y.png': grey(11) }

const cases: Case[] = [
  {
    name: 'a text file named png',
    change: { 'train/images/a.png': 'hello' },
    code: 'data.bad-image',
    message: 'train/images/a.png: expected a PNG or JPEG, found a file that starts with 68 65 6c 6c'
  },
  {
    name: 'an empty file',
    change: { 'train/images/a.png': '' },
    code: 'data.bad-image',
    message: 'train/images/a.png: expected a PNG or JPEG, found an empty file'
  },
  {
    name: 'a PNG cut in its header',
    change: { 'train/images/a.png': good.subarray(0, 20) },
    code: 'data.bad-image',
    message: 'train/images/a.png: expected the PNG header, found the end of the file after 20 bytes: the file is truncated'
  },
  {
    name: 'a PNG cut in its pixels',
    change: { 'train/images/a.png': good.subarray(0, 60) },
    code: 'data.bad-image',
    message: `train/images/a.png: expected ${good.readUInt32BE(33)} bytes of chunk "IDAT", found the end of the file after 60 bytes: the file is truncated`
  },
  {
    name: 'a PNG without its end',
    change: { 'train/images/a.png': good.subarray(0, good.length - 12) },
    code: 'data.bad-image',
    message: `train/images/a.png: expected the end of the PNG, found the end of the file after ${good.length - 12} bytes: the file is truncated`
  },
  {
    name: 'a PNG with a flipped bit',
    change: { 'train/images/a.png': flipped(good, 50) },
    code: 'data.bad-image',
    message: 'train/images/a.png: expected a PNG that can be decoded, found a checksum that does not match: the file is damaged'
  },
  {
    name: 'a PNG of colour type 5',
    change: { 'train/images/a.png': Buffer.concat([signature, pngHeader(8, 6, 8, 5), chunk('IEND', Buffer.alloc(0))]) },
    code: 'data.bad-image',
    message: 'train/images/a.png: expected a PNG colour type of 0, 2, 3, 4 or 6, found 5'
  },
  {
    name: 'a PNG of 3 bits',
    change: { 'train/images/a.png': Buffer.concat([signature, pngHeader(8, 6, 3, 0), chunk('IEND', Buffer.alloc(0))]) },
    code: 'data.bad-image',
    message: 'train/images/a.png: expected 1, 2, 4, 8, 16 bits a channel, found 3'
  },
  {
    name: 'a PNG without its pixels',
    change: {
      'train/images/a.png': Buffer.concat([
        signature,
        pngHeader(8, 6, 8, 2),
        chunk('IDAT', deflateSync(Buffer.alloc(30))),
        chunk('IEND', Buffer.alloc(0))
      ])
    },
    code: 'data.bad-image',
    message: 'train/images/a.png: expected a PNG that can be decoded, found: 30 bytes of pixels where 150 belong'
  },
  {
    name: 'a PNG without pixels',
    change: { 'train/images/a.png': Buffer.concat([signature, pngHeader(0, 6, 8, 2), chunk('IEND', Buffer.alloc(0))]) },
    code: 'data.bad-image',
    message: 'train/images/a.png: expected at least one pixel, found 0 x 6'
  },
  {
    name: 'a bomb of 144 megapixels',
    change: { 'train/images/a.png': Buffer.concat([signature, pngHeader(12000, 12000, 8, 2), chunk('IEND', Buffer.alloc(0))]) },
    code: 'data.too-large',
    message: 'train/images/a.png: expected at most 64 megapixels, found 12000 x 12000 (137 megapixels)'
  },
  {
    name: 'a mask that is a bomb',
    change: { 'train/masks/a.png': Buffer.concat([signature, pngHeader(60000, 60000, 8, 0), chunk('IEND', Buffer.alloc(0))]) },
    code: 'data.too-large',
    message: 'train/masks/a.png: expected at most 64 megapixels, found 60000 x 60000 (3433 megapixels)'
  },
  {
    name: 'a PNG that claims more than deflate can hold',
    change: { 'train/images/a.png': Buffer.concat([signature, pngHeader(8000, 8000, 8, 2), good.subarray(33)]) },
    code: 'data.bad-image',
    message: `train/images/a.png: expected at least 186046 bytes for 8000 x 8000 pixels, found ${good.length}`
  },
  {
    name: 'a JPEG that claims more than it can hold',
    change: { 'train/images/c.jpg': claiming(jpg(), 6000, 8000) },
    code: 'data.bad-image',
    message: `train/images/c.jpg: expected at least 93750 bytes for 8000 x 6000 pixels, found ${jpg().length}`
  },
  {
    name: 'a JPEG cut in the middle',
    change: { 'train/images/c.jpg': jpg().subarray(0, jpg().length - 3) },
    code: 'data.bad-image',
    message: `train/images/c.jpg: expected the end of the JPEG, found the end of the file after ${jpg().length - 3} bytes: the file is truncated`
  },
  {
    name: 'a JPEG of nothing but its start',
    change: { 'train/images/c.jpg': jpg().subarray(0, 3) },
    code: 'data.bad-image',
    message: 'train/images/c.jpg: expected the JPEG header, found the end of the file after 3 bytes: the file is truncated'
  },
  {
    name: 'a lossless JPEG',
    change: { 'train/images/c.jpg': Buffer.from([0xff, 0xd8, 0xff, 0xc3, 0, 11, 8, 0, 6, 0, 8, 1, 1, 17, 0, 0xff, 0xd9]) },
    code: 'data.bad-image',
    message: 'train/images/c.jpg: expected a baseline or progressive JPEG, found frame type C3'
  },
  {
    name: 'a JPEG that claims 4 gigapixels',
    change: { 'train/images/c.jpg': Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0xff, 0xff, 0xff, 0xff, 1, 1, 17, 0, 0xff, 0xd9]) },
    code: 'data.too-large',
    message: 'train/images/c.jpg: expected at most 64 megapixels, found 65535 x 65535 (4096 megapixels)'
  },
  {
    name: '12-bit data in a 16-bit image',
    change: { 'train/images/a.png': pngFile({ width: 8, height: 6, colourType: 2, depth: 16, values: sixteenBits(4000) }) },
    code: 'data.bad-image',
    message: 'train/images/a.png: expected 16-bit values up to 65535, found none above 3979'
  },
  {
    name: 'an image without a mask',
    change: { 'train/masks/b.png': null },
    code: 'data.missing-mask',
    message: 'train/images/b.png: expected a mask for this image, found none'
  },
  {
    name: 'a mask of other size',
    change: { 'train/masks/b.png': grey(1, 6, 8) },
    code: 'data.size-mismatch',
    message: 'train/masks/b.png: expected 8 x 6 pixels as in train/images/b.png, found 6 x 8'
  },
  {
    name: 'an unknown value',
    change: { 'train/masks/b.png': grey(Array.from({ length: 48 }, (_, index) => (index === 19 ? 7 : 0))) },
    code: 'data.unknown-value',
    message: 'train/masks/b.png: expected values from 0 to 1 or 255, found the value 7 at column 3, row 2'
  },
  {
    name: 'a 16-bit mask',
    change: { 'train/masks/b.png': pngFile({ width: 8, height: 6, colourType: 0, depth: 16, values: new Array<number>(48).fill(1) }) },
    code: 'data.bad-mask',
    message: 'train/masks/b.png: expected 8-bit class ids, found a 16-bit PNG'
  },
  {
    name: 'a JPEG as mask',
    change: { 'train/masks/b.png': jpg() },
    code: 'data.bad-mask',
    message: 'train/masks/b.png: expected a PNG, found a JPEG, which does not keep class ids exactly'
  },
  {
    name: 'a mask with transparency',
    change: { 'train/masks/b.png': pngFile({ width: 8, height: 6, colourType: 4, values: new Array<number>(96).fill(1) }) },
    code: 'data.bad-mask',
    message: 'train/masks/b.png: expected 8-bit class ids, found grey with transparency'
  },
  {
    name: 'an RGB mask and classes without colours',
    change: { 'train/masks/b.png': rgb() },
    code: 'data.bad-mask',
    message: 'train/masks/b.png: expected 8-bit class ids or a palette, found an RGB picture and no class colours to read it by'
  },
  {
    name: 'a truncated mask',
    change: { 'train/masks/b.png': grey(1).subarray(0, 50) },
    code: 'data.bad-image',
    message: `train/masks/b.png: expected ${grey(1).readUInt32BE(33)} bytes of chunk "IDAT", found the end of the file after 50 bytes: the file is truncated`
  },
  {
    name: 'a palette whose colours have moved',
    change: {
      'classes.json': JSON.stringify([
        { name: 'ground', colour: [10, 10, 10] },
        { name: 'thing', colour: [200, 0, 0] }
      ]),
      'train/masks/b.png': pngFile({
        width: 8,
        height: 6,
        colourType: 3,
        values: new Array<number>(48).fill(0),
        palette: [
          [200, 0, 0],
          [10, 10, 10]
        ]
      })
    },
    code: 'data.bad-mask',
    message: 'train/masks/b.png: expected palette index 0 to have the colour of class 0, found that of class 1'
  },
  {
    name: 'a palette index beyond the palette',
    change: {
      'train/masks/b.png': pngFile({ width: 8, height: 6, colourType: 3, values: new Array<number>(48).fill(1), palette: [[0, 0, 0]] })
    },
    code: 'data.bad-mask',
    message: 'train/masks/b.png: expected palette indices below 1, found 1'
  },
  {
    name: 'an unknown colour',
    change: {
      'classes.json': JSON.stringify([
        { name: 'ground', colour: [0, 0, 0] },
        { name: 'thing', colour: [200, 0, 0] }
      ]),
      'train/masks/b.png': pngFile({ width: 8, height: 6, colourType: 2, values: new Array<number>(144).fill(9) })
    },
    code: 'data.unknown-value',
    message: 'train/masks/b.png: expected one of 2 class colours, found 9, 9, 9 at column 0, row 0'
  },
  {
    name: 'no classes.json',
    change: { 'classes.json': null },
    settings: { layout: 'folder' },
    code: 'data.classes',
    message: 'ROOT: expected a classes.json that names the classes, found none'
  },
  {
    name: 'a broken classes.json',
    change: { 'classes.json': '{"classes": [' },
    code: 'data.classes',
    message: 'classes.json: expected JSON, found: Unexpected end of JSON input'
  },
  {
    name: 'a class twice',
    change: { 'classes.json': '["road", "road"]' },
    code: 'data.classes',
    message: 'classes.json: expected every class name once, found "road" twice'
  },
  {
    name: 'a mask value twice',
    change: { 'classes.json': '[{"name": "road", "value": 1}, "car"]' },
    code: 'data.classes',
    message: 'classes.json: expected every mask value once, found 1 for "road" and "car"'
  },
  {
    name: 'a class that is ignored as well',
    change: { 'classes.json': '{"classes": ["road", "car"], "ignore": [1]}' },
    code: 'data.classes',
    message: 'classes.json: expected ignored values beside the classes, found 1, which is "car"'
  },
  {
    name: 'a colour out of range',
    change: { 'classes.json': '[{"name": "road", "colour": [0, 300, 0]}]' },
    code: 'data.classes',
    message: 'classes.json: expected a list of classes, found a fault at 0.colour.1 (Too big: expected number to be <=255)'
  },
  {
    name: 'a colour twice',
    change: { 'classes.json': '[{"name": "a", "colour": [1, 2, 3]}, {"name": "b", "colour": [1, 2, 3]}]' },
    code: 'data.classes',
    message: 'classes.json: expected every colour once, found 1, 2, 3 twice'
  },
  {
    name: 'masks by colour and a class without',
    change: { 'classes.json': '{"classes": ["a"], "masks": "colours"}' },
    code: 'data.classes',
    message: 'classes.json: expected a colour for every class because masks are read by colour, found a class without'
  },
  {
    name: 'an empty training split',
    files: { 'classes.json': '["a"]', 'train/images/readme.txt': '', 'val/images/x.png': rgb(), 'val/masks/x.png': grey(0) },
    code: 'data.empty-split',
    message: 'ROOT: expected images in the training split, found none (layout folder)'
  },
  {
    name: 'an empty validation split',
    files: { 'classes.json': '["a"]', 'train/images/x.png': rgb(), 'train/masks/x.png': grey(0), 'val/images/readme.txt': '' },
    code: 'data.empty-split',
    message: 'ROOT: expected images in the validation split, found none (layout folder)'
  },
  {
    name: 'one image alone',
    files: { 'classes.json': '["a"]', 'images/x.png': rgb(), 'masks/x.png': grey(0) },
    code: 'data.empty-split',
    message: 'ROOT: expected at least 2 images to draw a validation split from, found 1'
  },
  {
    name: 'a folder of something else',
    files: { 'notes.txt': 'x' },
    code: 'data.unknown-layout',
    message: 'ROOT: expected the folders of Cityscapes, Pascal VOC or CamVid, or images and masks with a classes.json, found none of them'
  },
  {
    name: 'classes.json and nothing else',
    files: { 'classes.json': '["a"]' },
    code: 'data.unknown-layout',
    message: 'ROOT: expected folders images and masks, or train/images and train/masks, found neither'
  },
  {
    name: 'a list with one word a line',
    files: { ...camvidFiles, 'train.txt': 'train/x.png\n' },
    code: 'data.bad-image',
    message: 'train.txt line 1: expected an image and a mask with a blank between them, found "train/x.png"'
  },
  {
    name: 'a list that leaves the folder',
    files: { ...camvidFiles, 'train.txt': '../secret.png trainannot/x.png\n' },
    code: 'data.bad-image',
    message: 'train.txt line 1: expected paths inside the dataset\'s folder, found "../secret.png trainannot/x.png"'
  },
  {
    name: 'a listed image that is not there',
    files: { ...camvidFiles, 'train.txt': 'train/x.png trainannot/x.png\ntrain/gone.png trainannot/x.png\n' },
    code: 'file.not-found',
    message: 'train/gone.png: expected this file of the dataset, found nothing'
  },
  {
    name: 'a Pascal VOC list that leads out of the folder',
    files: {
      'JPEGImages/x.jpg': jpg(),
      'SegmentationClass/x.png': grey(0),
      'ImageSets/Segmentation/train.txt': '../../elsewhere/x\n',
      'ImageSets/Segmentation/val.txt': 'x\n'
    },
    code: 'data.bad-image',
    message: "JPEGImages/../../elsewhere/x.jpg: expected a path inside the dataset's folder, found one that leads out of it"
  },
  {
    name: 'a CamVid mask value of 12',
    files: { ...camvidFiles, 'trainannot/x.png': grey(12) },
    code: 'data.unknown-value',
    message: 'trainannot/x.png: expected values from 0 to 11 or 255, found the value 12 at column 0, row 0'
  },
  {
    name: 'a Cityscapes label id of 40',
    files: {
      'leftImg8bit/train/a/a_1_leftImg8bit.png': rgb(),
      'gtFine/train/a/a_1_gtFine_labelIds.png': grey(40),
      'leftImg8bit/val/b/b_1_leftImg8bit.png': rgb(2),
      'gtFine/val/b/b_1_gtFine_labelIds.png': grey(7)
    },
    code: 'data.unknown-value',
    message: 'gtFine/train/a/a_1_gtFine_labelIds.png: expected values from 0 to 33 or 255, found the value 40 at column 0, row 0'
  }
]

/** The JPEG with another height and width in its frame header. */
function claiming(bytes: Uint8Array, height: number, width: number): Buffer {
  const copy = Buffer.from(bytes)
  const frame = copy.indexOf(Buffer.from([0xff, 0xc0]))
  copy.writeUInt16BE(height, frame + 5)
  copy.writeUInt16BE(width, frame + 7)
  return copy
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] ^= 0x10
  return copy
}

function filesOf({ files, change }: Case): Files {
  if (files) return files
  const all: Record<string, string | Uint8Array | null> = { ...plainFiles(), ...change }
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string | Uint8Array] => entry[1] !== null))
}

/** What a person is told: either opening refuses, or the scan lists exactly this one file. */
async function complaint(one: Case): Promise<{ code: string; message: string }> {
  return withFolder(filesOf(one), async (root) => {
    try {
      const { problems } = await scanDataset(await openDataset(dataSettings({ source: root, ...one.settings }), 1))
      expect(problems).toHaveLength(1)
      expect(problems[0].message.startsWith(problems[0].file)).toBe(true)
      return { code: problems[0].code, message: problems[0].message }
    } catch (error) {
      const { code, message } = toAppError(error)
      return { code, message: message.replace(root, 'ROOT') }
    }
  })
}

describe('bad inputs and their sentences', () => {
  test.each(cases)('$name', async (one) => {
    expect(await complaint(one)).toEqual({ code: one.code, message: one.message })
  })

  test('the dataset that all cases change is right', async () => {
    const scan = await withFolder(plainFiles(), async (root) => scanDataset(await openDataset(dataSettings({ source: root }), 1)))
    expect(scan.problems).toEqual([])
  })

  test('a folder that is not there, and a file', async () => {
    await expect(openDataset(dataSettings({ source: '/no/such/folder' }), 1)).rejects.toThrow(
      '/no/such/folder: expected a folder with images, found nothing'
    )
    await withFolder({ 'file.png': rgb() }, async (root) => {
      await expect(openDataset(dataSettings({ source: `${root}/file.png` }), 1)).rejects.toThrow(
        'expected a folder with images, found a file'
      )
    })
  })

  test('a path with Chinese characters and spaces simply works', async () => {
    const files = Object.fromEntries(
      Object.entries(plainFiles()).map(([path, content]) => [path.replace('/a.png', '/街 景 一.png'), content])
    )
    await withFolder(
      files,
      async (root) => {
        const dataset = await openDataset(dataSettings({ source: root }), 1)
        const scan = await scanDataset(dataset)
        expect(dataset.name).toBe('数据 集')
        expect(dataset.train.map((reference) => reference.id)).toContain('train/街 景 一')
        expect(scan.problems).toEqual([])
      },
      '数据 集'
    )
  })

  test('so does a list file with such paths', async () => {
    const files = {
      'train/图 一.png': rgb(1),
      'trainannot/图 一.png': grey(3),
      'train.txt': 'train/图 一.png trainannot/图 一.png\n',
      'val/y.png': rgb(2),
      'valannot/y.png': grey(0)
    }
    const dataset = await withFolder(files, (root) => openDataset(dataSettings({ source: root }), 1))
    expect(dataset.train[0].source).toMatchObject({ image: 'train/图 一.png', mask: 'trainannot/图 一.png' })
  })
})
