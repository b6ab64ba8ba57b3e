/** Seconds as a person says them: `40 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return joined(Math.floor(whole / 60), 'min', whole < 600 ? whole % 60 : 0, 's')
  const minutes = Math.round(whole / 60)
  return minutes < 2880
    ? joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
    : joined(Math.floor(minutes / 1440), 'd', Math.round((minutes % 1440) / 60), 'h')
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}
