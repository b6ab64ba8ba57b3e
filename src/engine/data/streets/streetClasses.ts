/** The classes of the built-in street scenes, with the colours of Cityscapes. */
import type { DatasetClass } from '../dataset.js'

export const streetClasses: DatasetClass[] = [
  { name: 'road', colour: [128, 64, 128] },
  { name: 'sidewalk', colour: [244, 35, 232] },
  { name: 'building', colour: [70, 70, 70] },
  { name: 'wall', colour: [102, 102, 156] },
  { name: 'fence', colour: [190, 153, 153] },
  { name: 'pole', colour: [153, 153, 153] },
  { name: 'traffic sign', colour: [220, 220, 0] },
  { name: 'vegetation', colour: [107, 142, 35] },
  { name: 'terrain', colour: [152, 251, 152] },
  { name: 'sky', colour: [70, 130, 180] },
  { name: 'person', colour: [220, 20, 60] },
  { name: 'car', colour: [0, 0, 142] }
]

/** Class ids by name, for the painters. */
export const streetIds = {
  road: 0,
  sidewalk: 1,
  building: 2,
  wall: 3,
  fence: 4,
  pole: 5,
  sign: 6,
  vegetation: 7,
  terrain: 8,
  sky: 9,
  person: 10,
  car: 11
} as const
