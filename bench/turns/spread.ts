/** Median and range of repeated measurements. */
export interface Spread {
  median: number
  range: [number, number]
}

/** Of an even number of values the upper of the two in the middle. NaN where there are none. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  return { median: sorted[Math.floor(sorted.length / 2)] ?? NaN, range: [sorted[0] ?? NaN, sorted[sorted.length - 1] ?? NaN] }
}
