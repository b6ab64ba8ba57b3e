/** Place of the largest value; the first of equal ones. */
export function argmax(row: readonly number[]): number {
  return row.reduce((best, value, index) => (value > row[best] ? index : best), 0)
}
