/** Operators compared on this machine: latency, multiply-adds, parameters, receptive field. */
import { readComparisonAnswer } from '../jobAnswers.js'
import type { RequestHandlers } from '../requestHandler.js'

export const operatorsRequest: Pick<RequestHandlers, 'compareOperators'> = {
  async compareOperators({ runJob }, input) {
    return readComparisonAnswer(await runJob('operators', input))
  }
}
