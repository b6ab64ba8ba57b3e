/**
 * The pace of a machine from what its stages took: least squares with bounds over two unknowns, drawn towards what was believed before.
 * A run of small networks says nothing of the arithmetic, and one of large ones little of the layers; what a run does not say stays.
 */
import type { Effort } from './effort.js'
import type { Pace } from './pace.js'

export interface TimedEffort {
  effort: Effort
  seconds: number
}

/** Weight of the belief, in fully trusted stages. */
const beliefWeight = 0.3
/** A stage that took this long counts half: short ones are mostly warming up. */
const halfTrustedSeconds = 10
/** No run makes a machine more than this much faster at once. */
const leastFactor = 0.05

/** Equal to `before` where nothing was timed. */
export function learnPace(timed: readonly TimedEffort[], before: Pace): Pace {
  const rows = timed.flatMap((row) => rowOf(row, before))
  const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + row.trust * of(row), 0)
  // The normal equations of  trust * (layers * x + arithmetic * y - ratio)^2 + beliefWeight * ((x - 1)^2 + (y - 1)^2).
  const a = sum(({ layers }) => layers ** 2) + beliefWeight
  const b = sum(({ layers, arithmetic }) => layers * arithmetic)
  const c = sum(({ arithmetic }) => arithmetic ** 2) + beliefWeight
  const p = sum(({ layers, ratio }) => layers * ratio) + beliefWeight
  const q = sum(({ arithmetic, ratio }) => arithmetic * ratio) + beliefWeight
  const { x, y } = leastSquares(a, b, c, p, q)
  return { secondsPerLayerRun: before.secondsPerLayerRun * x, secondsPerMultiplyAdd: before.secondsPerMultiplyAdd * y }
}

interface Row {
  /** Shares of the seconds that `before` expects; they sum to 1. */
  layers: number
  arithmetic: number
  /** Measured divided by expected. */
  ratio: number
  trust: number
}

function rowOf({ effort, seconds }: TimedEffort, before: Pace): Row[] {
  const layers = effort.layerRuns * before.secondsPerLayerRun
  const arithmetic = effort.multiplyAdds * before.secondsPerMultiplyAdd
  const expected = layers + arithmetic
  if (expected <= 0 || seconds <= 0) return []
  const ratio = Math.max(0, seconds - effort.otherSeconds) / expected
  return [{ layers: layers / expected, arithmetic: arithmetic / expected, ratio, trust: seconds / (seconds + halfTrustedSeconds) }]
}

/** Of  a x^2 + 2 b x y + c y^2 - 2 p x - 2 q y  over x and y of at least `leastFactor`; a c > b^2. */
function leastSquares(a: number, b: number, c: number, p: number, q: number): { x: number; y: number } {
  const determinant = a * c - b * b
  const x = (p * c - q * b) / determinant
  const y = (q * a - p * b) / determinant
  if (x < leastFactor) return { x: leastFactor, y: Math.max(leastFactor, (q - b * leastFactor) / c) }
  if (y < leastFactor) return { x: Math.max(leastFactor, (p - b * leastFactor) / a), y: leastFactor }
  return { x, y }
}
