/**
 * Training of a derived network from scratch (FasterSeg, section 4.2). Judged on the selection images at the end of every epoch; the best
 * weights are kept beside the last.
 */
import type { Stage, RunEvent, Scores } from '../../shared/events.js'
import type { Settings } from '../../shared/config/settings.js'
import type { StoredTensor } from '../../storage/safetensors.js'
import type { BatchLoader } from '../data/loader.js'
import type { TrainedNetwork } from '../network/derived/trainedNetwork.js'
import { addPrefixed, takePrefixed } from '../steps/prefixedTensors.js'
import type { StepOutcome, Trainable } from '../steps/trainable.js'
import { clipByGlobalNorm } from '../tensor/clipByGlobalNorm.js'
import type { Schedule } from '../tensor/schedules.js'
import { SgdMomentum } from '../tensor/sgdMomentum.js'
import { tf } from '../tensor/tf.js'
import { readVelocities, restoreVelocities } from '../steps/velocities.js'
import { batchPartsOf } from './batchPartsOf.js'
import type { Teacher } from './teacher.js'
import { openTrainTeam, type TrainTeam, type TrainThreads } from './trainTeam.js'
import type { BatchPart } from './trainLoss.js'

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
  threads: TrainThreads
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
  private readonly team: TrainTeam
  private best = { meanIoU: -1, step: 0, evaluationsSince: 0 }

  constructor(private readonly options: DerivedTrainerOptions) {
    const { settings, classWeights } = options
    this.steps = options.steps
    this.network = options.network
    this.optimizer = new SgdMomentum({ momentum: settings.momentum, weightDecay: settings.weightDecay })
    const { lossStride, auxiliaryWeight, distillationWeight, distillationTemperature, distillationMean } = settings
    const ohem = { threshold: settings.ohemThreshold, keepFraction: settings.ohemKeepFraction, ...(classWeights ? { classWeights } : {}) }
    const loss = { lossStride, auxiliaryWeight, distillationWeight, distillationTemperature, distillationMean, ohem }
    this.team = openTrainTeam(this.network, loss, settings.batchParts, options.threads)
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
    const { teacher, settings, rate } = this.options
    const teacherLogits = await teacher?.logits(batch, settings.lossStride)
    try {
      const result = await this.descend(batchPartsOf(batch, settings.batchParts), teacherLogits, rate(step))
      return { ...result, waitedSeconds: batch.waitedMs / 1000 }
    } finally {
      teacherLogits?.dispose()
    }
  }

  private async descend(
    batchParts: BatchPart[], teacherLogits: tf.Tensor4D | undefined, learningRate: number
  ): Promise<{ loss: number; parts: Record<string, number>; applied: boolean }> {
    const { network, settings } = this.options
    // The forward pass takes this batch's moments into the statistics, and only then it shows whether the step is refused.
    const before = network.statistics.mark()
    const { loss, parts, gradients } = await this.team.gradients(batchParts, teacherLogits)
    const norm = clipByGlobalNorm(gradients, settings.clipNorm > 0 ? settings.clipNorm : Number.MAX_VALUE)
    const applied = Number.isFinite(loss) && Number.isFinite(norm)
    if (applied) {
      this.optimizer.apply(network.store.variables, gradients, learningRate)
      network.statistics.forget(before)
    } else {
      network.statistics.goBack(before)
    }
    tf.dispose([...gradients.values()])
    return { loss, parts, applied }
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
    this.team.close()
    this.optimizer.dispose()
    this.network.dispose()
    this.options.classWeights?.dispose()
    this.options.loader.close()
  }
}
