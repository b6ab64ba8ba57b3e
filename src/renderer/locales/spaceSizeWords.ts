/** The size of a search space in words: `1,695 paths × 21^42 · 5^3 = 6.9 · 10^60 networks`. */
import { branchesOf } from '../../core/branchesOf.js'
import { powerOfTen } from '../../core/powerOfTen.js'
import { spaceSize } from '../../core/spaceSize.js'
import type { SearchSpace } from '../../shared/architecture.js'

/** `branches` as the setting space.branchPairs has them. */
export function spaceSizeWords(space: Pick<SearchSpace, 'layers' | 'widths'>, branches: readonly string[], words: SpaceWords): string {
  const { paths, inner, last, totalLog10 } = spaceSize(space, branches.map(branchesOf))
  const { digits, power } = powerOfTen(totalLog10)
  return words(paths.toString(), `${inner.choices}${raised(inner.cells)} × ${last.choices}${raised(last.cells)}`, `${digits} × 10${raised(power)}`)
}

export type SpaceWords = (paths: string, choices: string, networks: string) => string

const small = '⁰¹²³⁴⁵⁶⁷⁸⁹'

function raised(power: number | bigint): string {
  return Array.from(power.toString(), (digit) => small[Number(digit)]).join('')
}
