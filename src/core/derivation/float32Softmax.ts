/**
 * Softmax in float32 to the bit as PyTorch computes it on a CPU: each power by SLEEF's polynomial, their sum from the left, times its
 * reciprocal. The published decoding compares such probabilities; where they tie in float32 (a skip that is certain is exactly 1), the order
 * of the layers decides.
 */
export function float32Softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits)
  const powers = logits.map((logit) => float32Exp(Math.fround(logit - largest)))
  const reciprocal = Math.fround(1 / powers.reduce((total, power) => Math.fround(total + power)))
  return powers.map((power) => Math.fround(power * reciprocal))
}

const log2OfE = Math.fround(1.4426950408889634)
/** ln 2 in two parts, so that whole multiples of the first are exact. */
const ln2High = 0.693145751953125
const ln2Low = Math.fround(1.428606765330187e-6)
/** Of the powers 6 to 2 of the rest. */
const coefficients = [0.00019852761761285365, 0.0013930436, 0.008333361, 0.041666485, 0.16666667, 0.5].map(Math.fround)

/** e^x for x <= 0. */
function float32Exp(x: number): number {
  if (x < -104) return 0
  const exponent = roundHalfToEven(Math.fround(x * log2OfE))
  const rest = fused(exponent, -ln2Low, fused(exponent, -ln2High, x))
  const series = coefficients.reduce((sum, coefficient) => fused(sum, rest, coefficient))
  const power = Math.fround(1 + fused(Math.fround(rest * rest), series, rest))
  return Math.fround(power * 2 ** exponent)
}

/** a * b + c with one rounding to float32; the product of two float32 is exact in a double. */
function fused(a: number, b: number, c: number): number {
  return Math.fround(a * b + c)
}

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value)
  return Math.abs(value - Math.trunc(value)) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}
