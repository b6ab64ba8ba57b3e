/** Which sample stands where in which batch: epochs of seeded permutations, read on across their borders. A pure function of the step. */
import { randomStream } from '../../core/random.js'

/** Positions (0..count-1) of the `batch` samples of `step`. */
export function sampleOrder(seed: number, stream: string, step: number, batch: number, count: number): number[] {
  const permutations = new Map<number, number[]>()
  return Array.from({ length: batch }, (_, index) => {
    const place = step * batch + index
    const epoch = Math.floor(place / count)
    const order = permutations.get(epoch) ?? randomStream(seed, `${stream}/order`, epoch).permutation(count)
    permutations.set(epoch, order)
    return order[place % count]
  })
}
