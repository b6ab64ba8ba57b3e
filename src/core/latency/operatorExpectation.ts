import type { OperatorMs } from './latencyCosts.js'

export interface OperatorExpectation {
  value: number
  /** Derivatives with respect to the three rows of probabilities. */
  alpha: number[]
  gammaIn: number[]
  gammaOut: number[]
}

/**
 * Expected milliseconds of a mixed operator: operator, width in and width out are drawn independently.
 * Plain loops: this is where the search spends its time on latency.
 */
export function operatorExpectation(ms: OperatorMs, alpha: number[], gammaIn: number[], gammaOut: number[]): OperatorExpectation {
  const zeros = (row: number[]) => row.map(() => 0)
  const result = { value: 0, alpha: zeros(alpha), gammaIn: zeros(gammaIn), gammaOut: zeros(gammaOut) }
  for (let operator = 0; operator < alpha.length; operator++) {
    let ofOperator = 0
    for (let widthIn = 0; widthIn < gammaIn.length; widthIn++) {
      const row = ms[operator][widthIn]
      const weight = alpha[operator] * gammaIn[widthIn]
      let ofRow = 0
      for (let widthOut = 0; widthOut < gammaOut.length; widthOut++) {
        ofRow += gammaOut[widthOut] * row[widthOut]
        result.gammaOut[widthOut] += weight * row[widthOut]
      }
      ofOperator += gammaIn[widthIn] * ofRow
      result.gammaIn[widthIn] += alpha[operator] * ofRow
    }
    result.alpha[operator] = ofOperator
    result.value += alpha[operator] * ofOperator
  }
  return result
}
