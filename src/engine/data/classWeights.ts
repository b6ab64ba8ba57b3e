/**
 * Weights of classes in the loss from how many pixels each has: 1 / log(1.02 + frequency) (ENet, section 5.2), scaled to a mean of 1 over the
 * classes that occur. A class without pixels gets 1: it never meets a loss.
 */
export function classWeights(pixels: readonly number[]): number[] {
  const total = pixels.reduce((sum, count) => sum + count, 0)
  if (total === 0) return pixels.map(() => 1)
  const raw = pixels.map((count) => 1 / Math.log(1.02 + count / total))
  const occurring = raw.filter((_, id) => pixels[id] > 0)
  const mean = occurring.reduce((sum, weight) => sum + weight, 0) / occurring.length
  return raw.map((weight, id) => (pixels[id] > 0 ? weight / mean : 1))
}
