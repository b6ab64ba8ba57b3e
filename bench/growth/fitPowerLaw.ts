export interface PowerLaw {
  /** y = factor * x ^ exponent. */
  exponent: number
  factor: number
  /** Share of the variance of log y that the line explains; 1 where y does not vary. */
  rSquared: number
}

/** Least squares of log y over log x; all numbers positive, at least two different x. */
export function fitPowerLaw(points: readonly { x: number; y: number }[]): PowerLaw {
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }))
  const mean = (of: (point: { x: number; y: number }) => number): number => logs.reduce((sum, point) => sum + of(point), 0) / logs.length
  const [meanX, meanY] = [mean(({ x }) => x), mean(({ y }) => y)]
  const varianceX = mean(({ x }) => (x - meanX) ** 2)
  const varianceY = mean(({ y }) => (y - meanY) ** 2)
  if (!(varianceX > 0) || !Number.isFinite(varianceY)) throw new Error('A power law needs positive numbers and at least two different x.')
  const covariance = mean(({ x, y }) => (x - meanX) * (y - meanY))
  const exponent = covariance / varianceX
  return { exponent, factor: Math.exp(meanY - exponent * meanX), rSquared: varianceY === 0 ? 1 : covariance ** 2 / (varianceX * varianceY) }
}
