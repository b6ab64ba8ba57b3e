/** What a dataset is to the engine: classes, and lists of samples that can be read one by one. Plain data, so a thread can be given it whole. */
import type { DataSettings } from '../../shared/config/settings.js'
import type { MaskCoding } from './images/maskCoding.js'

/** The mask value that no loss and no metric counts. */
export const ignoreLabel = 255

export interface DatasetClass {
  name: string
  /** Colour of the class in pictures, 0..255 each. */
  colour: [number, number, number]
}

export type StreetWeather = 'clear' | 'fog' | 'rain' | 'dusk'

/** A scene that is drawn when it is asked for. */
export interface StreetSource {
  kind: 'street'
  seed: number
  /** Number of the scene; training and validation scenes never share one. */
  scene: number
  weather: StreetWeather
  height: number
  width: number
}

/** A picture and its mask on disk. Paths are relative to the dataset's root, with forward slashes. */
export interface FileSource {
  kind: 'files'
  image: string
  /** Empty where no mask was found; the scan lists it, reading it throws. */
  mask: string
  /** SHA-256 of both files when the dataset was opened; empty where the file was not there. */
  imageHash: string
  maskHash: string
}

export interface SampleReference {
  /** Unique in the dataset, e.g. `val/0016E5_07959`. */
  id: string
  source: StreetSource | FileSource
}

export interface Dataset {
  name: string
  layout: 'streets' | Exclude<DataSettings['layout'], 'auto'>
  /** Absolute folder; empty for streets. */
  root: string
  classes: DatasetClass[]
  ignoreLabel: typeof ignoreLabel
  maskCoding: MaskCoding
  /** Size that samples are scaled to after reading; 0 keeps their own. */
  height: number
  width: number
  train: SampleReference[]
  val: SampleReference[]
  /** What a person should be told about how the dataset was read, e.g. that the split was drawn. */
  notes: string[]
  /** SHA-256 over names, sizes and contents of all files, or over the generator's settings. */
  digest: string
}

/** A decoded sample. */
export interface Sample {
  height: number
  width: number
  /** RGB, [height, width, 3], 0..255. */
  image: Uint8Array
  /** Class ids or 255, [height, width]. */
  mask: Uint8Array
}
