/**
 * Training of a derived network from scratch (FasterSeg, section 4.2): OHEM cross entropy of the main and the auxiliary heads, plus distillation from a frozen teacher where there is one. Judged on the selection images at the end of every epoch;
 * the best weights are kept beside the last.
 */
import type { Stage, RunEvent, Scores } from '../../shared/events.js'
import type { Settings } from '../../shared/config/settings.js'
import type { StoredTensor } from '../../storage/safetensors.js'
import type { BatchLoader } from '../data/loader.js'
import { distillationLoss } from '../loss/distillation.js'
import { labelsAtStride } from '../loss/labelsAtStride.js'
import { ohemCrossEntropy, type OhemOptions } from '../loss/ohem.js'
import type { TrainedNetwork } from '../network/derived/trainedNetwork.js'
import { addPrefixed, takePrefixed } from '../steps/prefixedTensors.js'
import type { StepOutcome, Trainable } from '../steps/trainable.js'
import { clipByGlobalNorm } from '../tensor/clipByGlobalNorm.js'
import { lossGradients } from '../tensor/gradients.js'
import type { Schedule } from '../tensor/schedules.js'
import { SgdMomentum } from '../tensor/sgdMomentum.js'
import { tf } from '../tensor/tf.js'
import type { Teacher } from './teacher.js'
import { readVelocities, restoreVelocities } from '../steps/velocities.js'

export interface DerivedTrainerOptions {
  stage: Stage
  /** Name of the network in events: `teacher`, `student`, `plain`, `handmade`. */
  name: string
  network: TrainedNetwork
  /** Absent where there is no distillation; the caller disposes it. */
  teacher?: Teacher
  steps: number
  rate: Schedule
  settings: Settings['train']
  classWeights?: tf.Tensor1D
  loader: BatchLoader
  emit(event: RunEvent): void
  /** Scores on the selection images; undefined where there are none to select by. */
  judge?: () => Promise<Scores>
  /** Keeps the weights of the best epoch so far. */
  keepBest(network: TrainedNetwork): void
}

export class DerivedTrainer implements Trainable {
  readonly steps: number
  readonly network: TrainedNetwork
  private readonly optimizer: SgdMomentum
  private readonly lossOptions: OhemOptions
  private best = { meanIoU: -1, step: 0, evaluationsSince: 0 }

  constructor(private readonly options: DerivedTrainerOptions) {
    const { settings, classWeights } = options
    this.steps = options.steps
    this.network = options.network
    this.optimizer = new SgdMomentum({ momentum: settings.momentum, weightDecay: settings.weightDecay })
    this.lossOptions = {
      threshold: settings.ohemThreshold,
      keepFraction: settings.ohemKeepFraction,
      ...(classWeights ? { classWeights } : {})
    }
  }

  async step(step: number): Promise<StepOutcome> {
    const { loss, parts, applied, waitedSeconds } = await this.stepUnannounced(step)
    const { stage, emit, rate } = this.options
    emit(
      applied
        ? { type: 'step', stage, step: step + 1, loss, learningRate: rate(step), losses: parts }
        : { type: 'step-refused', stage, step: step + 1, reason: 'loss or gradient is not finite' }
    )
    const finished = this.endsEpoch(step) && (await this.evaluate(step + 1))
    return { waitedSeconds, applied, finished }
  }

  /** The step alone, without events and evaluation: for timing. */
  async stepUnannounced(step: number): Promise<{ loss: number; parts: Record<string, number>; applied: boolean; waitedSeconds: number }> {
    const batch = await this.options.loader.next(step)
    const { count, height, width } = batch
    const images = tf.tensor4d(batch.images, [count, height, width, 3])
    const { lossStride } = this.options.settings
    const picked = labelsAtStride(batch.labels, count, height, width, lossStride)
    const labels = tf.tensor3d(picked, [count, height / lossStride, width / lossStride], 'int32')
    const teacherLogits = await this.options.teacher?.logits(batch, images, lossStride)
    const result = this.descend(images, labels, teacherLogits, this.options.rate(step))
    tf.dispose([images, labels])
    teacherLogits?.dispose()
    return { ...result, waitedSeconds: batch.waitedMs / 1000 }
  }

  private descend(
    images: tf.Tensor4D, labels: tf.Tensor3D, teacherLogits: tf.Tensor4D | undefined, learningRate: number
  ): { loss: number; parts: Record<string, number>; applied: boolean } {
    const { network, settings } = this.options
    const names = [...network.store.variables.keys()]
    // The forward pass takes this batch's moments into the statistics, and only then it shows whether the step is refused.
    const before = network.statistics.mark()
    const parts: Record<string, number> = {}
    const { loss, gradients } = lossGradients(() => this.totalLoss(images, labels, teacherLogits, parts), [...network.store.variables.values()])
    const named = new Map<string, tf.Tensor>()
    gradients.forEach((gradient, index) => gradient && named.set(names[index], gradient))
    const value = loss.dataSync()[0]
    loss.dispose()
    const norm = clipByGlobalNorm(named, settings.clipNorm > 0 ? settings.clipNorm : Number.MAX_VALUE)
    const applied = Number.isFinite(value) && Number.isFinite(norm)
    if (applied) {
      this.optimizer.apply(network.store.variables, named, learningRate)
      network.statistics.forget(before)
    } else {
      network.statistics.goBack(before)
    }
    tf.dispose([...named.values()])
    return { loss: value, parts, applied }
  }

  private totalLoss(images: tf.Tensor4D, labels: tf.Tensor3D, teacherLogits: tf.Tensor4D | undefined, parts: Record<string, number>): tf.Scalar {
    const { network, settings } = this.options
    const [logits, ...auxiliary] = network.trainingLogits(images, 'record', settings.lossStride)
    let total = ohemCrossEntropy(logits, labels, this.lossOptions)
    parts.segmentation = total.dataSync()[0]
    for (const auxiliaryLogits of auxiliary) {
      total = tf.add(total, tf.mul(ohemCrossEntropy(auxiliaryLogits, labels, this.lossOptions), settings.auxiliaryWeight))
    }
    if (teacherLogits) {
      const distillation = distillationLoss(logits, teacherLogits, labels, { temperature: settings.distillationTemperature })
      parts.distillation = distillation.dataSync()[0]
      total = tf.add(total, tf.mul(distillation, settings.distillationWeight))
    }
    return total
  }

  private endsEpoch(step: number): boolean {
    return (step + 1) % this.options.settings.stepsPerEpoch === 0 || step + 1 === this.steps
  }

  /** @returns whether patience has run out */
  private async evaluate(step: number): Promise<boolean> {
    const { judge, name, emit, settings } = this.options
    if (!judge) return false
    const scores = await judge()
    const best = scores.meanIoU > this.best.meanIoU
    this.best = best
      ? { meanIoU: scores.meanIoU, step, evaluationsSince: 0 }
      : { ...this.best, evaluationsSince: this.best.evaluationsSince + 1 }
    if (best) this.options.keepBest(this.options.network)
    emit({ type: 'evaluated', network: name, split: 'selection', step, scores, best })
    return settings.patience > 0 && this.best.evaluationsSince >= settings.patience
  }

  tensors(): Map<string, StoredTensor> {
    const tensors = new Map<string, StoredTensor>()
    addPrefixed(tensors, 'weights', this.options.network.read())
    addPrefixed(tensors, 'velocities', readVelocities(this.optimizer))
    return tensors
  }

  info(): Record<string, unknown> {
    return { best: this.best }
  }

  restore(tensors: ReadonlyMap<string, StoredTensor>, info: Record<string, unknown>): void {
    this.options.network.write(takePrefixed(tensors, 'weights'))
    restoreVelocities(this.optimizer, takePrefixed(tensors, 'velocities'))
    this.best = info.best as typeof this.best
  }

  dispose(): void {
    this.optimizer.dispose()
    this.network.dispose()
    this.options.classWeights?.dispose()
    this.options.loader.close()
  }
}
