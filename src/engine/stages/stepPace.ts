/** How long the steps of trainers take beside each other. */
import { median } from '../../core/median.js'
import type { DerivedTrainer } from '../train/derivedTrainer.js'

/**
 * Median seconds of a step of each trainer over `steps` steps, taken in turn, because the speed of a machine drifts. One step of each goes before,
 * untimed unless `onFirst` asks how long it took. Every step is the first step's batch.
 */
export async function medianStepSeconds(trainers: readonly DerivedTrainer[], steps: number, onFirst: (index: number, seconds: number) => void = () => undefined): Promise<number[]> {
  const seconds: number[][] = trainers.map(() => [])
  for (let repeat = 0; repeat <= steps; repeat++) {
    for (const [index, trainer] of trainers.entries()) {
      const startedAt = performance.now()
      await trainer.stepUnannounced(0)
      const took = (performance.now() - startedAt) / 1000
      if (repeat > 0) seconds[index].push(took)
      else onFirst(index, took)
    }
  }
  return seconds.map(median)
}
