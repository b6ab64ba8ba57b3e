/** Bytes as a person says them: `640 MiB`, `3.2 GiB`. */
export function byteSizeText(bytes: number): string {
  const mebibytes = bytes / 1048576
  if (mebibytes < 1) return `${Math.round(bytes / 1024)} KiB`
  return mebibytes < 1000 ? `${Math.round(mebibytes)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`
}
