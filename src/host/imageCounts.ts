/** How many images a run reads and how large they are, as far as its settings say. */
import type { DataSettings, LatencySettings } from '../shared/config/settings.js'
import type { ImageSize } from './supernetWork.js'

export interface ImageCounts {
  train: number
  selection: number
  val: number
  /** As evaluation sees them: padded to multiples of 32. */
  size: ImageSize
}

/** A folder is not opened for a forecast; CamVid has 367 and 101. */
const assumedTrain = 300
const assumedVal = 100
/** The built-in scenes where the settings name no size. */
const streetsSize: ImageSize = { height: 128, width: 256 }

/** An unknown size is taken to be that of the images on the device. */
export function imageCounts(data: DataSettings, latency: LatencySettings): ImageCounts {
  const isStreets = data.source === 'streets'
  const train = isStreets ? data.streetsTrain : assumedTrain
  const own = isStreets ? streetsSize : latency
  return {
    train,
    selection: Math.min(train - 2, Math.max(1, Math.round(train * data.selectionFraction))),
    val: isStreets ? data.streetsVal : assumedVal,
    size: { height: padded(data.height || own.height), width: padded(data.width || own.width) }
  }
}

function padded(pixels: number): number {
  return Math.ceil(pixels / 32) * 32
}
