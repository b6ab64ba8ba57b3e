/** Place within a period, 0 <= result < period: what `%` does for positive numbers, many times faster, and right for negative ones. */
export function repeat(value: number, period: number): number {
  return value - Math.floor(value / period) * period
}
