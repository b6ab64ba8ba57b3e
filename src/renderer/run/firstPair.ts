import { scales, type Scale } from '../../shared/architecture.js'
import type { RunFacts } from './runFacts.js'

/** The first pair of final scales that the run compares, such as 16 and 32. */
export function firstPair({ settings }: RunFacts): Scale[] {
  const pairs = settings.find(({ path }) => path === 'space.branchPairs')?.value ?? ''
  const named = pairs.split(';')[0].split(',').map(Number)
  const pair = scales.filter((scale) => named.includes(scale))
  return pair.length > 0 ? pair : [16, 32]
}
