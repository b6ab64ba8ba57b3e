/**
 * The loss of a derived network on a part of a batch, and its gradients: OHEM cross entropy of the main and the auxiliary heads, plus
 * distillation where there is a teacher (FasterSeg, section 4.2). The same in the training step's thread and in those that help it.
 */
import { distillationLoss, type DistillationMean } from '../loss/distillation.js'
import { labelsAtStride } from '../loss/labelsAtStride.js'
import { ohemCrossEntropy, type OhemOptions } from '../loss/ohem.js'
import type { TrainedNetwork } from '../network/derived/trainedNetwork.js'
import { lossGradients } from '../tensor/gradients.js'
import { tf } from '../tensor/tf.js'

export interface TrainLossOptions {
  lossStride: number
  auxiliaryWeight: number
  distillationWeight: number
  distillationTemperature: number
  distillationMean: DistillationMean
  ohem: OhemOptions
}

/** Images of a batch that go through the network together and are normalised together. */
export interface BatchPart {
  /** [count, height, width, 3], normalised. */
  images: Float32Array
  /** [count, height, width], class ids or 255. */
  labels: Uint8Array
  count: number
  height: number
  width: number
  /** The part's share of the whole batch: what its loss and gradients are multiplied by. */
  share: number
}

export interface PartGradients {
  /** Times the share. */
  loss: number
  /** `segmentation`, `distillation`: times the share. */
  parts: Record<string, number>
  /** By weight; weights that the loss does not reach are absent. Owned by whoever gets them. */
  gradients: Map<string, tf.Tensor>
}

/**
 * `teacherLogits` [count, height / lossStride, width / lossStride, classes]; disposed here. `record`: whether the part's batch moments are
 * taken into the network's running statistics.
 */
export function partGradients(
  network: TrainedNetwork, part: BatchPart, teacherLogits: tf.Tensor4D | undefined, options: TrainLossOptions, record: boolean
): PartGradients {
  const { count, height, width, share } = part
  const images = tf.tensor4d(part.images, [count, height, width, 3])
  const { lossStride } = options
  const picked = labelsAtStride(part.labels, count, height, width, lossStride)
  const labels = tf.tensor3d(picked, [count, height / lossStride, width / lossStride], 'int32')
  const parts: Record<string, number> = {}
  const names = [...network.store.variables.keys()]
  try {
    const found = lossGradients(() => {
      const total = totalLoss(network.trainingLogits(images, record ? 'record' : 'train', lossStride), { labels, teacherLogits, options, parts })
      return share === 1 ? total : tf.mul(total, share)
    }, [...network.store.variables.values()])
    const loss = found.loss.dataSync()[0]
    found.loss.dispose()
    const gradients = new Map<string, tf.Tensor>()
    found.gradients.forEach((gradient, index) => gradient && gradients.set(names[index], gradient))
    Object.keys(parts).forEach((name) => (parts[name] *= share))
    return { loss, parts, gradients }
  } finally {
    tf.dispose([images, labels])
    teacherLogits?.dispose()
  }
}

interface LossInputs {
  labels: tf.Tensor3D
  teacherLogits: tf.Tensor4D | undefined
  options: TrainLossOptions
  /** Is told the terms of the loss. */
  parts: Record<string, number>
}

function totalLoss([logits, ...auxiliary]: tf.Tensor4D[], { labels, teacherLogits, options, parts }: LossInputs): tf.Scalar {
  const { ohem, auxiliaryWeight, distillationWeight, distillationTemperature: temperature, distillationMean: mean } = options
  let total = ohemCrossEntropy(logits, labels, ohem)
  parts.segmentation = total.dataSync()[0]
  for (const auxiliaryLogits of auxiliary) {
    total = tf.add(total, tf.mul(ohemCrossEntropy(auxiliaryLogits, labels, ohem), auxiliaryWeight))
  }
  if (teacherLogits) {
    const distillation = distillationLoss(logits, teacherLogits, labels, { temperature, mean })
    parts.distillation = distillation.dataSync()[0]
    total = tf.add(total, tf.mul(distillation, distillationWeight))
  }
  return total
}
