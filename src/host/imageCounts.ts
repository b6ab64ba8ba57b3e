/** How many images a run reads and how large they are, as far as its settings say. */
import type { DataSettings, LatencySettings } from '../shared/config/settings.js'
import { assumedDataset } from './assumedDataset.js'
import type { ImageSize } from './supernetWork.js'

export interface ImageCounts {
  train: number
  selection: number
  val: number
  /** As evaluation sees them: padded to multiples of 32. */
  size: ImageSize
  /** As the supernet is judged on them: at the scale of the search. */
  searchSize: ImageSize
}

/** An unknown size is taken to be that of the images on the device. */
export function imageCounts(data: DataSettings, latency: LatencySettings): ImageCounts {
  const { train, val, size: known } = assumedDataset(data)
  const own = known ?? latency
  const [height, width] = [data.height || own.height, data.width || own.width]
  return {
    train,
    selection: Math.min(train - 2, Math.max(1, Math.round(train * data.selectionFraction))),
    val,
    size: { height: padded(height), width: padded(width) },
    searchSize: { height: padded(height * data.searchScale), width: padded(width * data.searchScale) }
  }
}

function padded(pixels: number): number {
  return Math.ceil(Math.round(pixels) / 32) * 32
}
