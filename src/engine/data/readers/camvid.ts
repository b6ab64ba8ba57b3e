/** CamVid in the arrangement of SegNet: 11 classes and 11 for void; list files `train.txt` with an image and a mask a line, or folders train/ trainannot/. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.js'
import type { DatasetClass } from '../dataset.js'
import { plainCoding } from '../images/maskCoding.js'
import type { FoundPair, FoundPairs } from './foundPairs.js'
import { imageEndings, isFolder, listFiles, stem } from './listFolder.js'

const classes: DatasetClass[] = [
  { name: 'Sky', colour: [128, 128, 128] },
  { name: 'Building', colour: [128, 0, 0] },
  { name: 'Pole', colour: [192, 192, 128] },
  { name: 'Road', colour: [128, 64, 128] },
  { name: 'Pavement', colour: [60, 40, 222] },
  { name: 'Tree', colour: [128, 128, 0] },
  { name: 'SignSymbol', colour: [192, 128, 128] },
  { name: 'Fence', colour: [64, 64, 128] },
  { name: 'Car', colour: [64, 0, 128] },
  { name: 'Pedestrian', colour: [64, 64, 0] },
  { name: 'Bicyclist', colour: [0, 128, 192] }
]

export function recognisesCamvid(root: string): boolean {
  return isFolder(root, 'trainannot') || (existsSync(join(root, 'train.txt')) && !existsSync(join(root, 'classes.json')))
}

/** Reads the split lists; where a list is missing, the folders. */
export function readCamvid(root: string): FoundPairs {
  return {
    classes,
    maskCoding: plainCoding(11, [11, 255]),
    train: split(root, 'train') ?? [],
    val: split(root, 'val') ?? split(root, 'test')
  }
}

function split(root: string, name: string): FoundPair[] | null {
  if (existsSync(join(root, `${name}.txt`))) return fromList(root, name)
  if (!isFolder(root, name)) return null
  const masks = new Set(isFolder(root, `${name}annot`) ? listFiles(root, `${name}annot`, ['.png']) : [])
  return listFiles(root, name, imageEndings).map((image) => {
    const mask = `${name}annot${stem(image).slice(name.length)}.png`
    return { id: stem(image), image, mask: masks.has(mask) ? mask : '' }
  })
}

function fromList(root: string, name: string): FoundPair[] {
  const lines = readFileSync(join(root, `${name}.txt`), 'utf8').split(/\r?\n/)
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [pairOfLine(root, line, `${name}.txt line ${index + 1}`)]))
}

/** Two paths and a blank between them; paths may hold blanks, so the cut is where both halves are files. The lists of SegNet begin with `/SegNet/CamVid/`. */
function pairOfLine(root: string, line: string, where: string): FoundPair {
  const words = line.trim().split(/(?<=\S)[ \t]+/)
  const halves = words
    .slice(1)
    .map((_, cut) => [words.slice(0, cut + 1).join(' '), words.slice(cut + 1).join(' ')].map((path) => relative(root, path)))
  const [image, mask] = halves.find((pair) => pair.every((path) => existsSync(join(root, path)))) ?? halves[0] ?? ['', '']
  if (image === '')
    throw new AppError(
      'data.bad-image',
      `${where}: expected an image and a mask with a blank between them, found ${JSON.stringify(line.trim())}`
    )
  if (image.split('/').includes('..') || mask.split('/').includes('..')) {
    throw new AppError('data.bad-image', `${where}: expected paths inside the dataset's folder, found ${JSON.stringify(line.trim())}`)
  }
  return { id: stem(image), image, mask: existsSync(join(root, mask)) ? mask : '' }
}

function relative(root: string, path: string): string {
  const plain = path.replace(/\\/g, '/').replace(/^(\.?\/)+/, '')
  const parts = plain.split('/')
  for (let skip = 0; skip < parts.length; skip++) {
    const candidate = parts.slice(skip).join('/')
    if (existsSync(join(root, candidate))) return candidate
  }
  return plain
}
