/** Small draws that every planner needs. */
import type { RandomStream } from '../../../core/random.js'

/** Uniform between low and high. */
export function between(stream: RandomStream, low: number, high: number): number {
  return low + (high - low) * stream.uniform()
}

export function pick<Item>(stream: RandomStream, items: readonly Item[]): Item {
  return items[stream.integer(items.length)]
}
