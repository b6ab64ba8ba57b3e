/** A positive number as digits and a power, from its logarithm: too large ones for a double as well. 60.84 is `6.9` and 60. */
export function powerOfTen(log10: number): { digits: string; power: number } {
  const power = Math.floor(log10)
  const digits = (10 ** (log10 - power)).toFixed(1)
  return digits === '10.0' ? { digits: '1.0', power: power + 1 } : { digits, power }
}
