/** Jobs `latency` and `time`: the table of a space measured on this machine, and one whole network timed beside it. */
import { tableLatencyMs } from '../../core/latency/tableLatency.js'
import { AppError } from '../../shared/errors.js'
import { latencyInput, timeInput } from '../../shared/jobInputs.js'
import type { LatencyTable } from '../../shared/latencyTable.js'
import { job } from '../job.js'
import { measureDeployed } from '../latency/measureDeployed.js'
import { measureSpace } from '../latency/measureSpace.js'
import { readTable, refuseExisting, writeTable } from '../../storage/latencyTableFile.js'
import { openModel } from './openModel.js'

export const latencyJob = job(latencyInput, async ({ space, latency, classes, out }, { progress, stopRequested }) => {
  // Measuring takes minutes; that the file is there already is said before.
  refuseExisting(out)
  const table = await measureSpace({ ...space, classes }, latency, {
    onProgress: (what, done, total) => progress(what === 'operators' ? 'Measuring latencies' : 'Timing whole networks', done, total),
    stopRequested
  })
  if (table === null) return null
  writeTable(out, table)
  return { out, entries: Object.keys(table.entries).length, text: measuredText(table, classes, out) }
})

function measuredText({ entries, height, width, machine, runtime, correction }: LatencyTable, classes: number, out: string): string {
  const count = Object.keys(entries).length
  const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`
  return [
    `${count} operators at ${height}x${width}, heads of ${classes} classes, ${threadsText(runtime.threads)} of ${runtime.name} ${runtime.version}.`,
    `Measured on ${machine.cpu}, ${machine.cores} cores, ${machine.platform}.`,
    ...(correction === undefined ? [] : [
      `Corrected by ${correction.fitted.networks} whole networks: median error ${percent(correction.fitted.medianErrorBefore)} before, ` +
        `${percent(correction.fitted.medianErrorLeftOut)} after, on networks left out.`
    ]),
    `Written: ${out}`
  ].join('\n')
}

export const timeJob = job(timeInput, async ({ architecture: file, table: tableFile, latency }) => {
  const { architecture } = openModel(file, 'student')
  const table = tableFile === null ? undefined : readTable(tableFile)
  const { height, width } = table ?? latency
  const { threads } = latency
  if (table !== undefined && table.runtime.threads !== threads) {
    throw new AppError(
      'latency.invalid-table',
      `${tableFile}: the table was measured with ${threadsText(table.runtime.threads)}, and ${threads} are asked for.`,
      { hint: `Add --latency.threads ${table.runtime.threads}, or measure a table with ${threadsText(threads)}.` }
    )
  }
  // Looked up first: a part that the table lacks is said before the minutes of measuring.
  const predictedMs = table === undefined ? null : tableLatencyMs(architecture, table)
  const measured = await measureDeployed(architecture, { ...latency, height, width })
  const prediction = predictedMs === null ? '' : `\n${predictedMs.toFixed(3)} ms predicted by the table`
  const text =
    `${architecture.name} at ${height}x${width}: median ${measured.medianMs.toFixed(3)} ms ` +
    `(deviation ${measured.deviationMs.toFixed(3)} ms, ${measured.count} runs, ${threadsText(threads)})${prediction}`
  return { ...measured, predictedMs, height, width, threads, text }
})

function threadsText(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`
}
