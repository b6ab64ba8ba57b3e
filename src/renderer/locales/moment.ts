import { localeTags, type Locale } from './locale.js'

/** A moment as ISO 8601 in the reader's language and time zone, to the minute. */
export function moment(iso: string, locale: Locale): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  return new Intl.DateTimeFormat(localeTags[locale], { dateStyle: 'medium', timeStyle: 'short' }).format(date)
}
