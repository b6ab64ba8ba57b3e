/** Measuring operators beside each other: what is timed, how often, and what comes back. Never how long anything takes. */
import { describe, expect, it } from 'vitest'
import { measureOperators } from '../../../../src/engine/latency/measureOperators.js'
import { runJob } from '../../../../src/engine/job.js'
import { operatorsJob } from '../../../../src/engine/worker/operatorsJob.js'
import { comparedOperators, type OperatorComparison } from '../../../../src/shared/operatorComparison.js'

const map = { height: 6, width: 9, channels: 4 }
const jobs = { operators: operatorsJob }
const silent = { progress: () => undefined, stopRequested: () => false }

describe('measureOperators', () => {
  it('times every operator once a round, in the order asked for', async () => {
    const progress: [number, number][] = []
    const measured = await measureOperators(comparedOperators, map, { threads: 1, rounds: 4, onProgress: (done, total) => progress.push([done, total]) })
    expect(measured).toHaveLength(comparedOperators.length)
    expect(progress).toEqual([[1, 4], [2, 4], [3, 4], [4, 4]])
    for (const { medianMs, deviationMs, count } of measured ?? []) {
      expect(medianMs).toBeGreaterThanOrEqual(0)
      expect(Number.isFinite(deviationMs)).toBe(true)
      expect(count).toBeGreaterThanOrEqual(1)
      expect(count).toBeLessThanOrEqual(4)
    }
  })

  it('stops between two rounds when asked', async () => {
    let done = 0
    const options = { threads: 1, rounds: 9, onProgress: (count: number) => (done = count), stopRequested: () => done === 2 }
    expect(await measureOperators(['conv'], map, options)).toBeNull()
    expect(done).toBe(2)
  })
})

describe('the job', () => {
  it('says what was measured on what, with the counts of each graph', async () => {
    const answer = (await runJob(jobs, 'operators', { map, threads: 1, rounds: 3 }, silent)) as OperatorComparison
    expect(answer).toMatchObject({ map, rounds: 3, runtime: { name: 'onnxruntime', threads: 1 } })
    expect(answer.operators.map(({ operator }) => operator)).toEqual([...comparedOperators])
    expect(answer.operators[0]).toMatchObject({ parameters: 4 * 4 * 9 + 8, multiplyAdds: 6 * 9 * 4 * 4 * 9, receptiveField: { height: 3, width: 3 } })
  })

  it.each([['an odd number of channels', { ...map, channels: 5 }], ['no map', { ...map, height: 0 }]])('refuses %s', async (_, wrong) => {
    await expect(runJob(jobs, 'operators', { map: wrong, threads: 1, rounds: 3 }, silent)).rejects.toThrow('The input of job "operators" is wrong at map')
  })
})
