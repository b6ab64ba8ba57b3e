import type { Scale } from '../shared/architecture.js'

/** Final scales of the branches that an entry of the setting space.branchPairs names: `8,32` is [8, 32]. */
export function branchesOf(text: string): Scale[] {
  return text.split(',').map((scale) => Number(scale) as Scale)
}
