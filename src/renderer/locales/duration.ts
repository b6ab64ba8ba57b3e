import { localeTags, type Locale } from './locale.js'

type Unit = 'second' | 'minute' | 'hour' | 'day'

/** Seconds as a person says them, coarser the longer: `40 sec`, `3 min 20 sec`, `2 hr 5 min`, `3 days 4 hr`. */
export function duration(seconds: number, locale: Locale): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return one(whole, 'second', locale)
  if (whole < 600) return two(Math.floor(whole / 60), 'minute', whole % 60, 'second', locale)
  const minutes = Math.round(whole / 60)
  if (minutes < 60) return one(minutes, 'minute', locale)
  if (minutes < 2880) return two(Math.floor(minutes / 60), 'hour', minutes % 60, 'minute', locale)
  const hours = Math.round(minutes / 60)
  return two(Math.floor(hours / 24), 'day', hours % 24, 'hour', locale)
}

function two(large: number, largeUnit: Unit, small: number, smallUnit: Unit, locale: Locale): string {
  return small === 0 ? one(large, largeUnit, locale) : `${one(large, largeUnit, locale)} ${one(small, smallUnit, locale)}`
}

function one(value: number, unit: Unit, locale: Locale): string {
  return new Intl.NumberFormat(localeTags[locale], { style: 'unit', unit, unitDisplay: 'short' }).format(value)
}
