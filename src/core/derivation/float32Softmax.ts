/**
 * Softmax rounded to float32 after every operation and in PyTorch's order: powers, their sum from the left, times its reciprocal. The
 * published decoding compares such probabilities; where they tie in float32 (a skip that is certain is exactly 1), the order of the layers
 * decides. PyTorch's own powers may differ from these in their last bit.
 */
export function float32Softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits)
  const powers = logits.map((logit) => Math.fround(Math.exp(Math.fround(logit - largest))))
  const reciprocal = Math.fround(1 / powers.reduce((total, power) => Math.fround(total + power)))
  return powers.map((power) => Math.fround(power * reciprocal))
}
