import type { OperatorMs } from './latencyCosts.js'

export interface OperatorExpectation {
  value: number
  /** Derivatives with respect to the three rows of probabilities. */
  alpha: number[]
  gammaIn: number[]
  gammaOut: number[]
}

/** Expected milliseconds of a mixed operator: operator, width in and width out are drawn independently. */
export function operatorExpectation(ms: OperatorMs, alpha: number[], gammaIn: number[], gammaOut: number[]): OperatorExpectation {
  const zeros = (row: number[]) => row.map(() => 0)
  const result = { value: 0, alpha: zeros(alpha), gammaIn: zeros(gammaIn), gammaOut: zeros(gammaOut) }
  ms.forEach((table, operator) => table.forEach((row, widthIn) => row.forEach((milliseconds, widthOut) => {
    const [a, from, to] = [alpha[operator], gammaIn[widthIn], gammaOut[widthOut]]
    result.value += a * from * to * milliseconds
    result.alpha[operator] += from * to * milliseconds
    result.gammaIn[widthIn] += a * to * milliseconds
    result.gammaOut[widthOut] += a * from * milliseconds
  })))
  return result
}
