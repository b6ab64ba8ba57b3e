import type { Series } from '../charts/series.js'

/**
 * Ends of one y axis for several charts, so that they can be compared by eye; undefined without data. A few wild values (more than four
 * quartile distances away) do not stretch it.
 */
export function commonRange(series: readonly Series[]): [number, number] | undefined {
  const values = series.flatMap(({ points }) => points.map(([, y]) => y)).filter(Number.isFinite).sort((a, b) => a - b)
  if (values.length === 0) return undefined
  const at = (share: number): number => values[Math.round(share * (values.length - 1))]
  const reach = 4 * (at(0.75) - at(0.25))
  const low = Math.max(values[0], reach > 0 ? at(0.25) - reach : -Infinity)
  const high = Math.min(values[values.length - 1], reach > 0 ? at(0.75) + reach : Infinity)
  const room = (high - low || Math.abs(high) || 1) * 0.06
  const floor = low >= 0 ? Math.max(0, low - room) : low - room
  return [rounded(floor, high - floor, Math.floor), rounded(high + room, high - floor, Math.ceil)]
}

/** To two digits of the range, so that the axis has plain numbers at its ends. */
function rounded(value: number, range: number, round: (value: number) => number): number {
  const unit = 10 ** (Math.floor(Math.log10(range || 1)) - 1)
  return Number((round(value / unit) * unit).toPrecision(12))
}
