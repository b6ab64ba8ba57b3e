/**
 * A trained teacher, asked for its opinion of a batch. Either it runs on every crop (published), or it has looked once at every whole image
 * and what it said there is cut out as the crop was cut: a step then costs hardly more than one without a teacher, and the teacher sees
 * each image without colour jitter and with all of its surroundings.
 */
import type { Batch } from '../data/loader.js'
import type { CropPlace } from '../data/makeBatch.js'
import type { Sample } from '../data/dataset.js'
import { networkInput, paddedSide } from '../data/networkInput.js'
import type { TrainedNetwork } from '../network/derived/trainedNetwork.js'
import { cropResize } from '../tensor/cropResize.js'
import { tf } from '../tensor/tf.js'

export interface Teacher {
  /** Logits at 1 / stride of the crops' size, [N, H / stride, W / stride, classes]; the caller disposes them. */
  logits(batch: Batch, stride: number): Promise<tf.Tensor4D>
  dispose(): void
}

export function cropTeacher(network: TrainedNetwork): Teacher {
  return {
    logits({ images, count, height, width }, stride) {
      return Promise.resolve(tf.tidy(() => network.trainingLogits(tf.tensor4d(images, [count, height, width, 3]), 'fixed', stride)[0]))
    },
    dispose: () => network.dispose()
  }
}

/** The resolution at which what the teacher said is kept: that of its heads. */
const keptStride = 8

/** `sample` reads an image by its place among the references that the batches are made of. Each is looked at when it first comes up. */
export function imageTeacher(network: TrainedNetwork, sample: (place: number) => Promise<Sample>): Teacher {
  const known = new Map<number, tf.Tensor4D>()

  async function opinion(place: number): Promise<tf.Tensor4D> {
    const found = known.get(place)
    if (found) return found
    const read = await sample(place)
    const logits = tf.tidy(() => withBorder(network.trainingLogits(networkInput(read), 'fixed', keptStride)[0]))
    known.set(place, logits)
    return logits
  }

  return {
    async logits({ crops, height, width }, stride) {
      const cuts: tf.Tensor4D[] = []
      for (const crop of crops) {
        const kept = await opinion(crop.place)
        const [, rows, columns] = kept.shape
        const box = cropBox(crop, { rows, columns }, { height, width }, stride)
        cuts.push(cropResize(kept, box, [height / stride, width / stride]))
      }
      const logits = tf.concat(cuts, 0)
      tf.dispose(cuts)
      return logits
    },
    dispose() {
      tf.dispose([...known.values()])
      known.clear()
      network.dispose()
    }
  }
}

/** One more cell on every side, equal to its neighbour: pixels of a crop may lie half a pixel outside of the outermost cells' centres. */
function withBorder(logits: tf.Tensor4D): tf.Tensor4D {
  return tf.mirrorPad(logits, [[0, 0], [1, 1], [1, 1], [0, 0]], 'symmetric') as tf.Tensor4D
}

/** [top, left, bottom, right] in 0..1 from the first to the last cell; bottom above top or right before left mean a mirrored cut. */
export type CropBox = [number, number, number, number]

/**
 * Where the first and the last pixel of the crop's coarse grid lie on the bordered map of `rows` x `columns` cells. Coarse pixels are those
 * of labelsAtStride, images are scaled with half-pixel centres (augment.ts), and the network's maps are aligned at the corners of the
 * padded image.
 */
export function cropBox(crop: CropPlace, map: { rows: number; columns: number }, size: { height: number; width: number }, stride: number): CropBox {
  const { draw } = crop
  const vertical = span(draw.top, size.height, stride, draw.scaledHeight, crop.height, map.rows, false)
  const horizontal = span(draw.left, size.width, stride, draw.scaledWidth, crop.width, map.columns, draw.flip)
  return [vertical[0], horizontal[0], vertical[1], horizontal[1]]
}

function span(origin: number, cropSide: number, stride: number, scaled: number, side: number, cells: number, flip: boolean): [number, number] {
  const inner = cells - 2
  const at = (pixel: number): number => {
    const place = flip ? scaled - 1 - (pixel + origin) : pixel + origin
    const source = ((place + 0.5) * side) / scaled - 0.5
    return (1 + (source * (inner - 1)) / (paddedSide(side) - 1)) / (cells - 1)
  }
  // A grid of one pixel takes the middle one.
  if (cropSide === stride) return [at(cropSide >> 1), at(cropSide >> 1)]
  return [at(0), at(cropSide - 1)]
}
