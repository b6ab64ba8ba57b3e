/** Where a plain value holds a number that JSON cannot: NaN and infinities would become null in silence. */

/** The place of the first number that is not finite, as `a.b.0: NaN`; undefined when there is none. */
export function nonFinitePlace(value: unknown): string | undefined {
  const found = search(value)
  return found === undefined ? undefined : `${found.keys.join('.') || 'the value'}: ${found.number}`
}

function search(value: unknown): { keys: string[]; number: number } | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : { keys: [], number: value }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const found = search(inner)
    if (found !== undefined) return { keys: [key, ...found.keys], number: found.number }
  }
  return undefined
}
