/** Numbers as people read them. */
import { localeTags, type Locale } from './locale.js'

export type NumberKind = 'number' | 'whole' | 'percent' | 'roundPercent' | 'finePercent' | 'ms' | 'count' | 'precise'

const options: Record<NumberKind, Intl.NumberFormatOptions> = {
  number: { maximumSignificantDigits: 4 },
  whole: { maximumFractionDigits: 0 },
  percent: { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 },
  roundPercent: { style: 'percent', maximumFractionDigits: 1 },
  finePercent: { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 4 },
  ms: { maximumSignificantDigits: 3 },
  count: { notation: 'compact', maximumSignificantDigits: 3 },
  precise: { maximumSignificantDigits: 3, notation: 'scientific' }
}

const formats = new Map<string, Intl.NumberFormat>()

/** A number with its unit: 0.5234 as percent is `52.3%`, 8.307 as ms `8.31 ms`, 3421875 as count `3.42M`. */
export function formatted(value: number, kind: NumberKind, locale: Locale): string {
  const key = `${kind} ${locale}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.NumberFormat(localeTags[locale], options[kind])
    formats.set(key, format)
  }
  return kind === 'ms' ? `${format.format(value)} ms` : format.format(value)
}
