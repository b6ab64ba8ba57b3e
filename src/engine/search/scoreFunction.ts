/**
 * The score-function estimator of gamma's gradient (Williams 1992): the loss of the pass with sampled widths, less a baseline, times the
 * gradient of the sample's log-probability. The baseline is the mean loss of the narrowest and the widest pass of the same step: same
 * weights, same batch, drawn independently of the sample, so the estimate stays unbiased while most of its variance goes.
 */
export function scoreFunctionGradient(gamma: number[][][], plan: number[][], sampledLoss: number, baselineLosses: readonly number[]): number[][][] {
  const baseline = baselineLosses.reduce((sum, loss) => sum + loss, 0) / baselineLosses.length
  const advantage = sampledLoss - baseline
  return gamma.map((table, t) =>
    table.map((row, r) => {
      const probabilities = softmax(row)
      return probabilities.map((probability, k) => advantage * ((k === plan[t][r] ? 1 : 0) - probability))
    })
  )
}

function softmax(row: number[]): number[] {
  const largest = Math.max(...row)
  const exponentials = row.map((logit) => Math.exp(logit - largest))
  const sum = exponentials.reduce((a, b) => a + b, 0)
  return exponentials.map((value) => value / sum)
}
