/** Sees a run through in the foreground: shows it, turns Ctrl-C into a checkpoint and a stop, and the outcome into an exit code. */
import { settleForecast, type ForecastRecord } from '../host/forecastRecord.js'
import { startRun } from '../host/startRun.js'
import type { RunState } from '../host/runState.js'
import type { RunFolder } from '../host/findRun.js'
import type { CommandContext } from './commandContext.js'
import { durationText } from '../host/duration.js'
import { byteSizeText } from '../host/byteSize.js'
import { exitCode, exitCodeOf } from './exitCode.js'
import { runTable } from './runTable.js'

/** The caller holds the workspace's lock. */
export async function followRun(context: CommandContext, run: RunFolder, acceptInexact: boolean): Promise<number> {
  const { headless, view, workspace } = context
  let interruptedBy: 'SIGINT' | 'SIGTERM' | undefined
  const startedAt = performance.now()
  const supervised = startRun({
    run,
    acceptInexact,
    spawn: headless.spawn,
    onMessage: (message) => view.message(message),
    onState: (state: RunState) => view.state(state),
    onStall: (seconds) => view.warn(`The engine has been silent for ${seconds} s; it is restarted when it stays so. Ctrl-C twice ends it.`)
  })
  const release = headless.onInterrupt((signal) => {
    if (interruptedBy !== undefined) return supervised.kill()
    interruptedBy = signal
    supervised.stop()
  })
  const outcome = await supervised.outcome
  release()
  view.close()
  const record = settleForecast(run, workspace, (performance.now() - startedAt) / 1000, outcome.state === 'finished')
  if (outcome.state === 'failed' && outcome.error !== undefined) {
    view.fail(outcome.error)
    // Resumed with the same numbers, such a run comes to the same end.
    const wouldGoOn = outcome.error.kind !== 'user' && outcome.error.code !== 'training.not-finite'
    if (wouldGoOn) view.warn(`Resume with: cellscope resume ${run.manifest.name}`)
    return exitCodeOf(outcome.error)
  }
  if (outcome.state === 'stopped') {
    view.tell('stopped', { run: run.manifest.name, folder: run.path }, `Stopped. Go on with: cellscope resume "${run.manifest.name}"`)
    if (interruptedBy === undefined) return exitCode.ok
    return interruptedBy === 'SIGINT' ? exitCode.interrupted : exitCode.terminated
  }
  return finish(context, run, record)
}

function finish({ view }: CommandContext, run: RunFolder, record: ForecastRecord | undefined): number {
  if (record?.actual) {
    const { minutes, peakBytes } = record.actual
    const text =
      `It took ${durationText(minutes * 60)} (forecast ${durationText(record.minutes * 60)}) and ` +
      `${byteSizeText(peakBytes)} (forecast ${byteSizeText(record.memoryBytes)}).`
    view.tell('forecast-settled', { ...record }, text)
  }
  const table = runTable(run)
  view.result(table.value, [table.text, `Everything is in ${run.path}`].filter((part) => part !== '').join('\n\n'))
  return exitCode.ok
}
