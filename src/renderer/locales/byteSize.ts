import { localeTags, type Locale } from './locale.js'

/** Bytes as a person says them: `12 KiB`, `640 MiB`, `3.2 GiB`. */
export function byteSize(bytes: number, locale: Locale): string {
  const number = (value: number, digits: number): string => {
    return new Intl.NumberFormat(localeTags[locale], { maximumFractionDigits: digits }).format(value)
  }
  const mebibytes = bytes / 1048576
  if (mebibytes < 1) return `${number(bytes / 1024, 0)} KiB`
  return mebibytes < 1000 ? `${number(mebibytes, 0)} MiB` : `${number(mebibytes / 1024, 1)} GiB`
}
