/**
 * Connected components of a label map, and from them the IoU of small objects.
 *
 * A component is a set of pixels of one class that hang together over edges or corners (8-connected). A component is small if its area is
 * below `smallAreaShare` of the image. Ignored pixels (255) belong to no component.
 *
 * Small-object IoU of a class: the truth side is the pixels of its small components. The prediction side is those of them that are predicted
 * right, and the wrongly predicted pixels of the predicted components that belong to small objects: those that touch no large object of
 * their class in the truth and are small themselves or touch a small one. So a missed pole, a pole drawn too fat and a pole seen where none
 * is all cost, and the spill of a large building does not.
 */
import { ratios } from './classCounts.js'
import type { ClassCounts } from './classCounts.js'
import type { LabelMap } from './boundary.js'

const ignored = 255

/** COCO calls an object small below 32 x 32 pixels in an image of about 640 x 480. */
export const smallAreaShare = (32 * 32) / (640 * 480)

export interface Components {
  /** Number of each pixel's component, 0 and up; -1 where ignored. [height * width] */
  ids: Int32Array
  /** Class of each component. */
  labels: number[]
  /** Pixels of each component. */
  areas: number[]
}

/** Labels the components in reading order of their first pixel; two passes with union-find. */
export function connectedComponents(labels: LabelMap, height: number, width: number): Components {
  const parents = new Int32Array(labels.length)
  for (let index = 0; index < labels.length; index++) parents[index] = index
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const index = y * width + x
      const label = labels[index]
      if (label === ignored) continue
      if (x > 0 && labels[index - 1] === label) join(parents, index - 1, index)
      if (y === 0) continue
      const above = index - width
      if (labels[above] === label) join(parents, above, index)
      if (x > 0 && labels[above - 1] === label) join(parents, above - 1, index)
      if (x < width - 1 && labels[above + 1] === label) join(parents, above + 1, index)
    }
  }
  return number(parents, labels)
}

/** Adds one image to the counts of its small objects. */
export function countSmallObjects(counts: ClassCounts, truth: LabelMap, predicted: LabelMap, height: number, width: number): void {
  const judged = predicted.slice()
  for (let index = 0; index < truth.length; index++) if (truth[index] === ignored) judged[index] = ignored
  const limit = smallAreaShare * height * width
  const objects = connectedComponents(truth, height, width)
  const guesses = connectedComponents(judged, height, width)
  const belongs = guessesOfSmallObjects(objects, guesses, limit)
  for (let index = 0; index < truth.length; index++) {
    if (truth[index] === ignored) continue
    const right = truth[index] === judged[index]
    if (objects.areas[objects.ids[index]] < limit) {
      counts.truth[truth[index]]++
      if (right) {
        counts.both[truth[index]]++
        counts.predicted[truth[index]]++
      }
    }
    if (!right && belongs[guesses.ids[index]] === 1) counts.predicted[judged[index]]++
  }
}

/** Mean small-object IoU over the classes that have small objects in the truth; null if none has. */
export function smallObjectIoU(counts: ClassCounts): number | null {
  return ratios(counts).mean
}

/** 1 for each predicted component whose wrong pixels are the small objects' matter. */
function guessesOfSmallObjects(objects: Components, guesses: Components, limit: number): Uint8Array {
  const touchesLarge = new Uint8Array(guesses.areas.length)
  const belongs = Uint8Array.from(guesses.areas, (area) => (area < limit ? 1 : 0))
  for (let index = 0; index < guesses.ids.length; index++) {
    const object = objects.ids[index]
    const guess = guesses.ids[index]
    if (guess < 0 || objects.labels[object] !== guesses.labels[guess]) continue
    if (objects.areas[object] < limit) belongs[guess] = 1
    else touchesLarge[guess] = 1
  }
  for (let guess = 0; guess < belongs.length; guess++) if (touchesLarge[guess] === 1) belongs[guess] = 0
  return belongs
}

/** Root of a pixel's tree; halves the path on the way. */
function root(parents: Int32Array, index: number): number {
  while (parents[index] !== index) {
    parents[index] = parents[parents[index]]
    index = parents[index]
  }
  return index
}

/** Joins two trees; the earlier pixel stays the root, so numbers follow the reading order. */
function join(parents: Int32Array, first: number, second: number): void {
  const a = root(parents, first)
  const b = root(parents, second)
  if (a < b) parents[b] = a
  else parents[a] = b
}

function number(parents: Int32Array, labels: LabelMap): Components {
  const ids = new Int32Array(labels.length).fill(-1)
  const componentLabels: number[] = []
  const areas: number[] = []
  for (let index = 0; index < labels.length; index++) {
    if (labels[index] === ignored) continue
    const first = root(parents, index)
    if (first === index) {
      ids[index] = areas.length
      componentLabels.push(labels[index])
      areas.push(0)
    } else ids[index] = ids[first]
    areas[ids[index]]++
  }
  return { ids, labels: componentLabels, areas }
}
