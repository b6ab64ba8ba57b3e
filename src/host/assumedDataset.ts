import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DataSettings } from '../shared/config/settings.js'
import type { ImageSize } from './supernetWork.js'

export interface AssumedDataset {
  train: number
  val: number
  classes: number
  /** Undefined where nothing is known of it. */
  size: ImageSize | undefined
}

/** Cordts et al. 2016, fine annotations. */
const cityscapes: AssumedDataset = { train: 2975, val: 500, classes: 19, size: { height: 1024, width: 2048 } }
/** A folder is not read for a forecast; CamVid has 367 and 101 images. */
const folder: AssumedDataset = { train: 300, val: 100, classes: 11, size: undefined }

/** What a forecast takes a dataset to be before it is opened: of a folder only what stands in it is looked at. */
export function assumedDataset({ source, layout, streetsTrain, streetsVal }: DataSettings): AssumedDataset {
  if (source === 'streets') return { train: streetsTrain, val: streetsVal, classes: 12, size: { height: 128, width: 256 } }
  const looksLikeIt = ['leftImg8bit', 'gtFine'].every((name) => existsSync(join(source, name)))
  return layout === 'cityscapes' || (layout === 'auto' && looksLikeIt) ? cityscapes : folder
}
