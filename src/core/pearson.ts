/** Pearson's correlation of two lists of equal length; NaN where one of them does not vary. */
export function pearson(a: readonly number[], b: readonly number[]): number {
  const [fromMeanA, fromMeanB] = [a, b].map(fromMean)
  const sumOfProducts = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, value, index) => sum + value * y[index], 0)
  return sumOfProducts(fromMeanA, fromMeanB) / Math.sqrt(sumOfProducts(fromMeanA, fromMeanA) * sumOfProducts(fromMeanB, fromMeanB))
}

function fromMean(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.map((value) => value - mean)
}
