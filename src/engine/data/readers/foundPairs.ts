/** What a reader of a layout finds before any file is opened. */
import type { DatasetClass } from '../dataset.js'
import type { MaskCoding } from '../images/maskCoding.js'

export interface FoundPair {
  id: string
  /** Relative to the root, with forward slashes; mask empty where there is none. */
  image: string
  mask: string
}

export interface FoundPairs {
  classes: DatasetClass[]
  maskCoding: MaskCoding
  train: FoundPair[]
  /** null where the layout has no validation split: one is drawn. */
  val: FoundPair[] | null
}
