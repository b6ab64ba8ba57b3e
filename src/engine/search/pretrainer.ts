/** Pretraining of the supernet: weight steps under uniform mixtures, before the architecture may move (FasterSeg, section 4.2). */
import type { RunEvent } from '../../shared/events.js'
import type { Settings } from '../../shared/config/settings.js'
import type { StoredTensor } from '../../storage/safetensors.js'
import type { BatchLoader } from '../data/loader.js'
import { addPrefixed, takePrefixed } from '../steps/prefixedTensors.js'
import type { StepOutcome, Trainable } from '../steps/trainable.js'
import { exponentialPerEpoch, warmUp, type Schedule } from '../tensor/schedules.js'
import type { PassTeam } from './passTeam.js'
import type { SupernetTrainer } from './supernetTrainer.js'

export interface PretrainerOptions {
  trainer: SupernetTrainer
  team: PassTeam
  settings: Settings['pretrain']
  seed: number
  /** Batches of half A. */
  loader: BatchLoader
  emit(event: RunEvent): void
}

export class Pretrainer implements Trainable {
  readonly steps: number
  private readonly rate: Schedule

  constructor(private readonly options: PretrainerOptions) {
    const { settings } = options
    this.steps = settings.epochs * settings.stepsPerEpoch
    this.rate = warmUp(exponentialPerEpoch(settings.learningRate, settings.decay, settings.stepsPerEpoch), settings.warmupSteps)
  }

  async step(step: number): Promise<StepOutcome> {
    const { team, seed, loader, emit, settings } = this.options
    const loaded = await loader.next(step)
    const learningRate = this.rate(step)
    const { losses, applied } = await team.weightStep({ kind: 'pretrain', seed, step, heads: settings.heads }, loaded, learningRate)
    const values = Object.values(losses)
    const loss = values.reduce((sum, value) => sum + value, 0) / values.length
    emit(
      applied
        ? { type: 'step', stage: 'pretrain', step: step + 1, loss, learningRate, losses }
        : { type: 'step-refused', stage: 'pretrain', step: step + 1, reason: 'loss or gradient is not finite' }
    )
    return { waitedSeconds: loaded.waitedMs / 1000, applied }
  }

  tensors(): Map<string, StoredTensor> {
    const tensors = new Map<string, StoredTensor>()
    addPrefixed(tensors, 'weights', this.options.trainer.weights.read())
    addPrefixed(tensors, 'velocities', this.options.team.velocities())
    return tensors
  }

  info(): Record<string, unknown> {
    return {}
  }

  restore(tensors: ReadonlyMap<string, StoredTensor>): void {
    this.options.team.restore(takePrefixed(tensors, 'weights'), takePrefixed(tensors, 'velocities'))
  }

  dispose(): void {
    this.options.team.close()
    this.options.trainer.dispose()
    this.options.loader.close()
  }
}
