/** Pascal VOC: JPEGImages, SegmentationClass (palette PNG), ImageSets/Segmentation/{train,val}.txt. A classes.json beside them replaces the 21 classes. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatasetClass } from '../dataset.js'
import { plainCoding } from '../images/maskCoding.js'
import { readClassesFile } from './classesFile.js'
import type { FoundPair, FoundPairs } from './foundPairs.js'
import { imageEndings, isFolder, listFiles, stem } from './listFolder.js'
import { vocColour } from './vocColour.js'

const names = [
  'background',
  'aeroplane',
  'bicycle',
  'bird',
  'boat',
  'bottle',
  'bus',
  'car',
  'cat',
  'chair',
  'cow',
  'diningtable',
  'dog',
  'horse',
  'motorbike',
  'person',
  'pottedplant',
  'sheep',
  'sofa',
  'train',
  'tvmonitor'
]

export function recognisesVoc(root: string): boolean {
  return isFolder(root, 'JPEGImages') && isFolder(root, 'SegmentationClass')
}

export function readVoc(root: string): FoundPairs {
  const known = existsSync(join(root, 'classes.json'))
    ? readClassesFile(root)
    : { classes: names.map((name, index): DatasetClass => ({ name, colour: vocColour(index) })), maskCoding: plainCoding(21) }
  const images = isFolder(root, 'JPEGImages') ? listFiles(root, 'JPEGImages', imageEndings) : []
  const byName = new Map(images.map((image) => [stem(image).slice('JPEGImages/'.length), image]))
  const val = split(root, 'val', byName)
  const train =
    split(root, 'train', byName) ??
    pairs(
      root,
      [...byName.keys()].filter((name) => !val?.some((pair) => pair.id === name)),
      byName
    )
  return { ...known, train, val }
}

function split(root: string, name: string, byName: Map<string, string>): FoundPair[] | null {
  const list = join(root, 'ImageSets', 'Segmentation', `${name}.txt`)
  if (!existsSync(list)) return null
  return pairs(
    root,
    readFileSync(list, 'utf8')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    byName
  )
}

function pairs(root: string, ids: string[], byName: Map<string, string>): FoundPair[] {
  return ids.map((id) => {
    const mask = `SegmentationClass/${id}.png`
    return { id, image: byName.get(id) ?? `JPEGImages/${id}.jpg`, mask: existsSync(join(root, mask)) ? mask : '' }
  })
}
