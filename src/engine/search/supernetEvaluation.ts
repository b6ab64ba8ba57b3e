/**
 * How good one network within the supernet is: its batch statistics are estimated on training batches, then its predictions are judged
 * on the selection images at full size. Running averages would be of no use here: every pass of training has other widths and mixtures.
 */
import { addConfusion, confusionOf, emptyConfusion } from '../../core/confusion.js'
import { scoresOf } from '../../core/metrics.js'
import type { Sample } from '../data/dataset.js'
import { predictedMask } from '../tensor/predictedMask.js'
import { BatchStatistics } from '../network/batchStatistics.js'
import { Pass } from '../network/pass.js'
import type { PredictionName } from '../network/supernet/layout.js'
import type { Supernet, SupernetChoice } from '../network/supernet/supernet.js'
import type { WeightStore } from '../network/weightStore.js'
import { resizeBilinear } from '../tensor/resizeBilinear.js'
import { tf } from '../tensor/tf.js'

export interface SupernetJudge {
  supernet: Supernet
  weights: WeightStore
  /** Images of training batches, [N, H, W, 3] each, from which the statistics are estimated. */
  statisticsImages: () => AsyncIterable<tf.Tensor4D>
  /** Selection images. */
  samples: () => AsyncIterable<Sample>
  /** As for EvaluationOptions.toInput. */
  toInput(sample: Sample): tf.Tensor4D
}

/** Mean IoU on the selection images of each prediction in `wanted` (default: all). */
export async function judgeChoice(judge: SupernetJudge, choice: SupernetChoice, wanted: readonly PredictionName[] = judge.supernet.predictions): Promise<Record<string, number>> {
  const statistics = new BatchStatistics('average')
  try {
    for await (const images of judge.statisticsImages()) {
      tf.tidy(() => void judge.supernet.forward(new Pass(judge.weights, 'record', statistics), images, choice))
      images.dispose()
    }
    return await judgeWith(judge, choice, statistics, wanted)
  } finally {
    statistics.clear()
  }
}

async function judgeWith(judge: SupernetJudge, choice: SupernetChoice, statistics: BatchStatistics, wanted: readonly PredictionName[]): Promise<Record<string, number>> {
  const { classes } = judge.supernet.space
  const confusions = new Map(wanted.map((prediction) => [prediction, emptyConfusion(classes)]))
  for await (const sample of judge.samples()) {
    const logits = tf.tidy(() => {
      const images = judge.toInput(sample)
      const maps = judge.supernet.forward(new Pass(judge.weights, 'fixed', statistics), images, choice)
      return wanted.map((prediction) => resizeBilinear(maps.get(prediction) as tf.Tensor4D, [images.shape[1], images.shape[2]]))
    })
    wanted.forEach((prediction, index) => {
      const mask = predictedMask(logits[index], sample.height, sample.width)
      addConfusion(confusions.get(prediction) ?? [], confusionOf(sample.mask, mask, classes))
    })
    tf.dispose(logits)
  }
  return Object.fromEntries([...confusions].map(([prediction, confusion]) => [prediction, scoresOf(confusion).meanIoU]))
}
