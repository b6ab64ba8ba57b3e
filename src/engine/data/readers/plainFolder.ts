/**
 * A plain folder with a classes.json: images/ and masks/, either directly, or with train/ and val/ inside them, or inside train/ and val/.
 * A mask has its image's name, or that name and `_mask`, `_label`, `_labels` or `_L`.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.js'
import { readClassesFile } from './classesFile.js'
import type { FoundPair, FoundPairs } from './foundPairs.js'
import { imageEndings, isFolder, listFiles, stem } from './listFolder.js'

const suffixes = ['', '_mask', '_label', '_labels', '_L']

export function recognisesPlainFolder(root: string): boolean {
  return existsSync(join(root, 'classes.json')) || isFolder(root, 'images') || isFolder(root, 'train/images')
}

export function readPlainFolder(root: string): FoundPairs {
  const known = readClassesFile(root)
  for (const [images, masks] of [
    ['SPLIT/images', 'SPLIT/masks'],
    ['images/SPLIT', 'masks/SPLIT']
  ]) {
    const folders = (split: string) => [images.replace('SPLIT', split), masks.replace('SPLIT', split)] as const
    if (!isFolder(root, folders('train')[0])) continue
    const val = isFolder(root, folders('val')[0]) ? pairs(root, ...folders('val'), 'val/') : null
    return { ...known, train: pairs(root, ...folders('train'), 'train/'), val }
  }
  if (!isFolder(root, 'images')) {
    throw new AppError('data.unknown-layout', `${root}: expected folders images and masks, or train/images and train/masks, found neither`)
  }
  return { ...known, train: pairs(root, 'images', 'masks', ''), val: null }
}

function pairs(root: string, images: string, masks: string, prefix: string): FoundPair[] {
  const byStem = new Map(
    (isFolder(root, masks) ? listFiles(root, masks, imageEndings) : []).map((mask) => [stem(mask).slice(masks.length + 1), mask])
  )
  return listFiles(root, images, imageEndings).map((image) => {
    const name = stem(image).slice(images.length + 1)
    const suffix = suffixes.find((one) => byStem.has(name + one))
    return { id: prefix + name, image, mask: suffix === undefined ? '' : byStem.get(name + suffix)! }
  })
}
