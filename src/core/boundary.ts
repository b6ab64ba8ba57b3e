/**
 * Boundary IoU (Cheng et al., "Boundary IoU: Improving Object-Centric Image Segmentation Evaluation", CVPR 2021) for label maps.
 *
 * The boundary band of a label map holds every pixel that has a pixel of another class within `distance`, in the Chebyshev metric (the
 * window of 2 * distance + 1 pixels a side). Ignored pixels are no class: they make no boundary, stand in no band and are not counted. The
 * image border makes no boundary either. Class by class, the band of the truth and the band of the prediction are compared as sets.
 */
import { ratios } from './classCounts.js'
import type { ClassCounts } from './classCounts.js'

/** A map of class numbers, row by row; 255 is ignored. */
export type LabelMap = Uint8Array | Int32Array

const ignored = 255

/** Width of the band for an image: 0.75 % of its diagonal, at least one pixel. */
export function boundaryDistance(height: number, width: number): number {
  return Math.max(1, Math.round(0.0075 * Math.hypot(height, width)))
}

/** 1 where a pixel of another class is within `distance`, else 0. [height * width] */
export function boundaryBand(labels: LabelMap, height: number, width: number, distance: number): Uint8Array {
  // The window holds another class exactly if its smallest or its largest label differs from the pixel's own.
  const smallest = new Int16Array(labels.length)
  const largestNegated = new Int16Array(labels.length)
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index]
    smallest[index] = label === ignored ? none : label
    largestNegated[index] = label === ignored ? none : -label
  }
  windowMinimum(smallest, height, width, distance)
  windowMinimum(largestNegated, height, width, distance)
  const band = new Uint8Array(labels.length)
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index]
    if (label !== ignored && (smallest[index] !== label || largestNegated[index] !== -label)) band[index] = 1
  }
  return band
}

/**
 * Adds one image to the counts of `classes` classes. Pixels that the truth ignores are ignored in the prediction too, so that a perfect
 * prediction scores 1.
 */
export function countBoundary(counts: ClassCounts, truth: LabelMap, predicted: LabelMap, height: number, width: number, distance: number): void {
  const judged = predicted.slice()
  for (let index = 0; index < truth.length; index++) if (truth[index] === ignored) judged[index] = ignored
  const truthBand = boundaryBand(truth, height, width, distance)
  const judgedBand = boundaryBand(judged, height, width, distance)
  for (let index = 0; index < truth.length; index++) {
    const inTruth = truthBand[index] === 1
    const inJudged = judgedBand[index] === 1
    if (inTruth) counts.truth[truth[index]]++
    if (inJudged) counts.predicted[judged[index]]++
    if (inTruth && inJudged && truth[index] === judged[index]) counts.both[truth[index]]++
  }
}

/** Mean boundary IoU over the classes that have a boundary in the truth; null if none has. */
export function boundaryIoU(counts: ClassCounts): number | null {
  return ratios(counts).mean
}

/** Larger than any class number: an ignored pixel, or a place outside the image, is never the smallest. */
const none = 32767

/** Minimum over the window of 2 * distance + 1 a side, in place: rows, then columns. */
function windowMinimum(values: Int16Array, height: number, width: number, distance: number): void {
  const block = 2 * distance + 1
  const longest = Math.ceil((Math.max(height, width) + 2 * distance) / block) * block
  const line: Line = { block, fromLeft: new Int16Array(longest), fromRight: new Int16Array(longest) }
  for (let y = 0; y < height; y++) lineMinimum(values, y * width, 1, width, line)
  for (let x = 0; x < width; x++) lineMinimum(values, x, width, height, line)
}

/** Room for one line, used again for the next. */
interface Line {
  /** Length of the window. */
  block: number
  fromLeft: Int16Array
  fromRight: Int16Array
}

/**
 * Sliding minimum along one line, in place (van Herk 1992, Gil and Werman 1993): minima from the left and from the right within blocks of
 * the window's length meet in the window, so the cost does not depend on the distance.
 */
function lineMinimum(values: Int16Array, start: number, stride: number, length: number, { block, fromLeft, fromRight }: Line): void {
  const distance = (block - 1) / 2
  const padded = Math.ceil((length + 2 * distance) / block) * block
  fromLeft.fill(none, 0, padded)
  for (let place = 0; place < length; place++) fromLeft[place + distance] = values[start + place * stride]
  fromRight.set(fromLeft)
  for (let left = 0; left < padded; left += block) {
    for (let place = left + 1; place < left + block; place++) {
      if (fromLeft[place - 1] < fromLeft[place]) fromLeft[place] = fromLeft[place - 1]
    }
    for (let place = left + block - 2; place >= left; place--) {
      if (fromRight[place + 1] < fromRight[place]) fromRight[place] = fromRight[place + 1]
    }
  }
  for (let place = 0; place < length; place++) {
    const left = fromRight[place]
    const right = fromLeft[place + 2 * distance]
    values[start + place * stride] = left < right ? left : right
  }
}
