/** Softmax of one row, in doubles; finite for any finite logits, and a logit of -Infinity has probability 0. */
export function softmax(row: readonly number[]): number[] {
  const largest = Math.max(...row)
  const powers = row.map((logit) => Math.exp(logit - largest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}
