/** Job `operators`: the comparison that chose the five, counted and measured on this machine. */
import { countOperator } from '../../core/countOperator.js'
import { operatorsInput } from '../../shared/jobInputs.js'
import { comparedOperators, type OperatorComparison } from '../../shared/operatorComparison.js'
import { job } from '../job.js'
import { thisMachine, thisRuntime } from '../latency/machine.js'
import { measureOperators } from '../latency/measureOperators.js'

export const operatorsJob = job(operatorsInput, async ({ map, threads, rounds }, { progress, stopRequested }): Promise<OperatorComparison | null> => {
  const measured = await measureOperators(comparedOperators, map, {
    threads,
    rounds,
    onProgress: (done, total) => progress('Measuring operators', done, total),
    stopRequested
  })
  if (measured === null) return null
  return {
    map,
    machine: thisMachine(),
    runtime: thisRuntime(threads),
    rounds,
    measuredAt: new Date().toISOString(),
    operators: comparedOperators.map((operator, index) => ({ ...countOperator(operator, map), ...measured[index] }))
  }
})
