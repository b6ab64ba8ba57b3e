import type { AxisRange, Level, Series } from './series.js'

/**
 * One y axis for several charts, so that they can be compared by eye; undefined without data. Its ends and marks are round numbers. In a
 * long series a few wild values (more than four quartile distances away) do not stretch it; levels are always within. Marks
 * are `leastInterval` apart or more, so that differences too small to matter stay small to the eye.
 */
export function commonRange(series: readonly Series[], levels: readonly Level[] = [], leastInterval = 0): AxisRange | undefined {
  const values = series.flatMap(({ points, shadow }) => (shadow ?? points).map(([, y]) => y)).filter(Number.isFinite).sort((a, b) => a - b)
  if (values.length === 0) return undefined
  const at = (share: number): number => values[Math.round(share * (values.length - 1))]
  const reach = values.length < 50 ? 0 : 4 * (at(0.75) - at(0.25))
  const wanted = levels.map(({ value }) => value)
  const low = Math.min(reach > 0 ? Math.max(values[0], at(0.25) - reach) : values[0], ...wanted)
  const high = Math.max(reach > 0 ? Math.min(values[values.length - 1], at(0.75) + reach) : values[values.length - 1], ...wanted)
  const interval = Math.max(leastInterval, roundInterval((high - low) / 4 || Math.abs(high) / 4 || 0.25))
  const plain = (value: number): number => Number(value.toPrecision(12))
  const min = plain(Math.floor(low / interval) * interval)
  const max = plain(Math.ceil(high / interval) * interval)
  return { min, max: max > min ? max : plain(min + interval), interval }
}

/** The next of 1, 2, 2.5, 5, 10 times a power of ten. */
function roundInterval(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted))
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= wanted * 0.999) ?? 10
  return step * power
}
