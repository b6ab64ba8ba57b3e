/**
 * Least squares with weights that may not be negative, pulled towards a prior: minimises, over w >= 0,
 * sum_i (y_i - x_i w)^2 + ridge * sum_j s_j (w_j - prior_j)^2 with s_j the sum of squares of column j. So `ridge` has no unit: at 1 a column
 * is believed as much as its prior.
 *
 * Coordinate descent on the normal equations. The function is convex and its bounds are a box, so each sweep lowers it and the limit is the
 * minimum; it is reached to 1e-12 of the weights' scale in a few hundred sweeps for the handful of columns that we have.
 */
export interface RidgeProblem {
  /** One row an observation. */
  rows: readonly (readonly number[])[]
  targets: readonly number[]
  prior: readonly number[]
  ridge: number
}

const mostSweeps = 20_000
const precision = 1e-12

export function nonNegativeRidge({ rows, targets, prior, ridge }: RidgeProblem): number[] {
  const columns = prior.map((_, column) => column)
  const gram = columns.map((a) => columns.map((b) => rows.reduce((sum, row) => sum + row[a] * row[b], 0)))
  const right = columns.map((a) => rows.reduce((sum, row, index) => sum + row[a] * targets[index], 0))
  columns.forEach((column) => {
    const pull = ridge * gram[column][column]
    right[column] += pull * prior[column]
    gram[column][column] += pull
  })
  const weights = [...prior]
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let [moved, scale] = [0, 0]
    for (const column of columns) {
      // A column of zeros says nothing: its weight stays at the prior.
      if (gram[column][column] === 0) continue
      const rest = columns.reduce((sum, other) => (other === column ? sum : sum + gram[column][other] * weights[other]), 0)
      const next = Math.max(0, (right[column] - rest) / gram[column][column])
      moved = Math.max(moved, Math.abs(next - weights[column]))
      scale = Math.max(scale, next)
      weights[column] = next
    }
    if (moved <= precision * scale) break
  }
  return weights
}
