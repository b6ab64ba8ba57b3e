/** Cityscapes: leftImg8bit/SPLIT/CITY/*_leftImg8bit.png with gtFine/SPLIT/CITY/*_gtFine_labelTrainIds.png or _labelIds.png (19 classes). */
import type { DatasetClass } from '../dataset.js'
import { plainCoding, type MaskCoding } from '../images/maskCoding.js'
import type { FoundPair, FoundPairs } from './foundPairs.js'
import { imageEndings, isFolder, listFiles } from './listFolder.js'

/** Train id order, with the label id of each (cityscapesScripts, labels.py). */
const table: [string, number, [number, number, number]][] = [
  ['road', 7, [128, 64, 128]],
  ['sidewalk', 8, [244, 35, 232]],
  ['building', 11, [70, 70, 70]],
  ['wall', 12, [102, 102, 156]],
  ['fence', 13, [190, 153, 153]],
  ['pole', 17, [153, 153, 153]],
  ['traffic light', 19, [250, 170, 30]],
  ['traffic sign', 20, [220, 220, 0]],
  ['vegetation', 21, [107, 142, 35]],
  ['terrain', 22, [152, 251, 152]],
  ['sky', 23, [70, 130, 180]],
  ['person', 24, [220, 20, 60]],
  ['rider', 25, [255, 0, 0]],
  ['car', 26, [0, 0, 142]],
  ['truck', 27, [0, 0, 70]],
  ['bus', 28, [0, 60, 100]],
  ['train', 31, [0, 80, 100]],
  ['motorcycle', 32, [0, 0, 230]],
  ['bicycle', 33, [119, 11, 32]]
]

const classes: DatasetClass[] = table.map(([name, , colour]) => ({ name, colour }))

export function recognisesCityscapes(root: string): boolean {
  return isFolder(root, 'leftImg8bit') && isFolder(root, 'gtFine')
}

/** Train ids are used where every training mask has them; else label ids. */
export function readCityscapes(root: string): FoundPairs {
  const masks = new Set(isFolder(root, 'gtFine') ? listFiles(root, 'gtFine', ['_labeltrainids.png', '_labelids.png']) : [])
  const trainIds = [...masks].some((mask) => mask.endsWith('_labelTrainIds.png'))
  const ending = trainIds ? '_gtFine_labelTrainIds.png' : '_gtFine_labelIds.png'
  return {
    classes,
    maskCoding: trainIds ? plainCoding(19) : labelIdCoding(),
    train: split(root, 'train', masks, ending) ?? [],
    val: split(root, 'val', masks, ending)
  }
}

function split(root: string, name: string, masks: Set<string>, ending: string): FoundPair[] | null {
  if (!isFolder(root, `leftImg8bit/${name}`)) return null
  return listFiles(root, `leftImg8bit/${name}`, imageEndings).map((image) => {
    const id = image.slice('leftImg8bit/'.length).replace(/(_leftImg8bit)?\.[^.]*$/, '')
    const mask = `gtFine/${id}${ending}`
    return { id, image, mask: masks.has(mask) ? mask : '' }
  })
}

/** Label ids 0..33; those outside the 19 evaluated classes count for nothing, and so does 255 (the licence plate's -1). */
function labelIdCoding(): MaskCoding {
  const ids: number[] = Array.from({ length: 256 }, (_, value) => (value <= 33 || value === 255 ? 255 : -1))
  for (const [trainId, [, labelId]] of table.entries()) ids[labelId] = trainId
  return { kind: 'ids', ids, colours: [] }
}
