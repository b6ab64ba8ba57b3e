/** Jobs `latency` and `time`: the table of a space measured on this machine, and one whole network timed beside it. */
import { derivedGraph } from '../../core/networkBuilder.js'
import { latencyKeys } from '../../core/latency/latencyKeys.js'
import { tableLatencyMs } from '../../core/latency/tableLatency.js'
import { AppError } from '../../shared/errors.js'
import { latencyInput, timeInput } from '../../shared/jobInputs.js'
import { job } from '../job.js'
import { measureNetwork } from '../latency/measureNetwork.js'
import { measureTable } from '../latency/measureTable.js'
import { readTable, writeTable } from '../latency/tableFile.js'
import { openModel } from './openModel.js'

/** A network is timed for at most this long. */
const timingCapMs = 10_000

export const latencyJob = job(latencyInput, async ({ space, latency, classes, out }, { progress, stopRequested }) => {
  const { height, width, threads, warmup, repeats } = latency
  const keys = latencyKeys({ ...space, classes }, { height, width })
  const table = await measureTable(keys, {
    name: 'this machine',
    height,
    width,
    baseWidth: space.baseWidth,
    threads,
    warmup,
    repeats,
    onProgress: (done, total) => progress('Measuring latencies', done, total),
    stopRequested
  })
  if (table === null) return null
  writeTable(out, table)
  return { out, entries: Object.keys(table.entries).length }
})

export const timeJob = job(timeInput, async ({ architecture: file, table: tableFile, latency }) => {
  const { architecture } = openModel(file, 'student')
  const table = tableFile === null ? undefined : readTable(tableFile)
  const { height, width } = table ?? latency
  const { threads, warmup, repeats } = latency
  if (table !== undefined && table.runtime.threads !== threads) {
    throw new AppError(
      'latency.invalid-table',
      `${tableFile}: the table was measured with ${table.runtime.threads} threads, and ${threads} are asked for.`
    )
  }
  const graph = derivedGraph(architecture, { height, width, auxiliaryHeads: false })
  const measured = await measureNetwork(graph, { threads, warmup, repeats: Math.max(repeats, 20), capMs: timingCapMs })
  const predictedMs = table === undefined ? null : tableLatencyMs(architecture, table)
  const prediction = predictedMs === null ? '' : `; ${predictedMs.toFixed(3)} ms predicted by the table`
  const text =
    `${architecture.name} at ${height}x${width}: median ${measured.medianMs.toFixed(3)} ms ` +
    `(deviation ${measured.deviationMs.toFixed(3)} ms, ${measured.count} runs, ${threads} threads)${prediction}`
  return { ...measured, predictedMs, height, width, threads, text }
})
