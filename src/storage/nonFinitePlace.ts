/** Where a plain value holds a number that JSON cannot: NaN and infinities would become null in silence. */

/** The place of the first number that is not finite, as `a.b.0: NaN`; undefined when there is none. */
export function nonFinitePlace(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `: ${value}`
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const found = nonFinitePlace(inner)
    if (found !== undefined) return found.startsWith(':') ? `${key}${found}` : `${key}.${found}`
  }
  return undefined
}
