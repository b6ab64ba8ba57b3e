/**
 * Exponential running mean without the bias of its start: every point is a weighted mean of the points so far, the weight of a point
 * `span` places back being about a third.
 */
export function runningMean(points: readonly [number, number][], span: number): [number, number][] {
  const keep = Math.exp(-1 / Math.max(1e-9, span))
  let sum = 0
  let weight = 0
  return points.map(([x, y]) => {
    sum = keep * sum + y
    weight = keep * weight + 1
    return [x, sum / weight]
  })
}
