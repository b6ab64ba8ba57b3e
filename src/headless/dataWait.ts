/** How long the steps of a run waited for data, by its pulses: decoding and augmenting must keep ahead of the training step. */
import type { Pulse } from '../shared/events.js'

export class DataWait {
  /** The last pulse of every stage; its seconds count from the stage's start in this process. */
  private readonly last = new Map<string, Pulse>()

  hear(pulse: Pulse): void {
    this.last.set(`${pulse.stage} ${pulse.variant ?? ''}`, pulse)
  }

  /** One sentence; undefined where no step was made. */
  text(): string | undefined {
    const pulses = [...this.last.values()]
    const total = (of: (pulse: Pulse) => number): number => pulses.reduce((sum, pulse) => sum + of(pulse), 0)
    const [waited, worked] = [total(({ waitedSeconds }) => waitedSeconds), total(({ elapsedSeconds }) => elapsedSeconds)]
    if (worked === 0) return undefined
    return `Steps waited ${waited.toFixed(1)} s for data, ${((100 * waited) / worked).toFixed(1)} % of the ${worked.toFixed(0)} s that they took.`
  }
}
