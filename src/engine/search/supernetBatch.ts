/** A batch as the supernet takes it: images, and labels at 1/8. */
import type { Batch } from '../data/loader.js'
import { labelsAtStride } from '../loss/labelsAtStride.js'
import { tf } from '../tensor/tf.js'

export interface SupernetBatch {
  /** [N, H, W, 3], normalised. */
  images: tf.Tensor4D
  /** [N, H / 8, W / 8], 255 ignored. */
  labels: tf.Tensor3D
}

/** What a step needs of a batch as it was loaded. */
export type StepBatch = Pick<Batch, 'images' | 'labels' | 'count' | 'height' | 'width'>

/** The caller disposes both tensors. */
export function supernetBatch(batch: StepBatch): SupernetBatch {
  const { count, height, width } = batch
  const labels = labelsAtStride(batch.labels, count, height, width, 8)
  return {
    images: tf.tensor4d(batch.images, [count, height, width, 3]),
    labels: tf.tensor3d(labels, [count, height / 8, width / 8], 'int32')
  }
}
