/** Keeps the one run going that goes on here: starts it, steers it, settles its forecast, and says what happens to it. */
import { basename } from 'node:path'
import type { HostNews, LiveState } from '../../shared/clientProtocol.js'
import { AppError, toAppError } from '../../shared/errors.js'
import type { Pulse } from '../../shared/events.js'
import type { WorkerMessage } from '../../shared/protocol.js'
import type { RunFolder } from '../../storage/runFolder.js'
import { Workspace } from '../../storage/workspace.js'
import type { WorkspaceLock } from '../../storage/workspaceLock.js'
import { byteSizeText } from '../byteSize.js'
import type { Clock } from '../clock.js'
import { durationText } from '../duration.js'
import type { SpawnEngine } from '../engineProcess.js'
import { settleForecast } from '../forecastRecord.js'
import type { Incident } from '../incident.js'
import { isOver, type RunState } from '../runState.js'
import { startRun } from '../startRun.js'
import type { RunOutcome, SupervisedRun } from '../supervisor.js'
import { incidentText } from './incidentText.js'
import { closingError } from './closingError.js'
import type { WatchedRun, WatchedRuns } from './watchedRuns.js'

export interface RunKeeper {
  /** Takes the workspace, then starts what `prepare` gives. Throws run.live, workspace.locked and what `prepare` throws. */
  start(name: string, prepare: () => RunFolder): Promise<string>
  pause(run: string): void
  continue(run: string): void
  stop(run: string): void
  /** The run that goes on here and its state; null where none does. */
  current(): { run: string; live: LiveState } | null
  /** Stops the run, kills it where that takes too long, and resolves when it is over. */
  close(withinMs: number): Promise<void>
  kill(): void
}

export interface KeeperOptions {
  workspace: string
  spawn: SpawnEngine
  clock: Clock
  watched: WatchedRuns
  /** For all pages. */
  broadcast(news: HostNews): void
  /** For all pages, but not before those that watch the run have its whole journal. */
  broadcastLast(news: HostNews & { run: string }): void
  onPulse(pulse: Pulse): void
}

interface Live {
  name: string
  run: RunFolder
  supervised: SupervisedRun
  watched: WatchedRun
  startedAtMs: number
  lastTaskMs: number
}

const betweenTasksMs = 200
const killedWithinMs = 1500

export function runKeeper(options: KeeperOptions): RunKeeper {
  const { workspace, spawn, clock, broadcast } = options
  /** The name of a run that is about to start or goes on; one at a time. */
  let busyWith: string | undefined
  let live: Live | undefined
  let over: Promise<void> = Promise.resolve()
  let closing = false

  async function start(name: string, prepare: () => RunFolder): Promise<string> {
    if (closing) throw closingError()
    if (busyWith !== undefined) throw new AppError('run.live', `Run ${busyWith} is going on here, and one run at a time does.`)
    busyWith = name
    let lock: WorkspaceLock | undefined
    try {
      lock = await Workspace.open(workspace).lock()
      // Closed while the lock was taken.
      if (closing) throw closingError()
      const run = prepare()
      busyWith = basename(run.path)
      over = seeThrough(follow(run), lock)
      return busyWith
    } catch (error) {
      busyWith = undefined
      await lock?.release()
      throw error
    }
  }

  /** Starts the engine on the run; from here on its outcome is waited for. */
  function follow(run: RunFolder): Live {
    const name = basename(run.path)
    const watched = options.watched.watch(run, { onMore() {}, onCut() {}, onPulse: options.onPulse, onNotice() {} })
    const supervised = startRun({
      run,
      acceptInexact: false,
      spawn,
      onMessage: (message) => hear(started, message),
      onState: (state) => announce(name, state),
      onStall: (seconds) => broadcast({ news: 'notice', run: name, text: `The engine has been silent for ${seconds} s; it is started again when it stays so.` }),
      onIncident: (incident) => broadcast(incidentNews(name, incident))
    })
    const started: Live = { name, run, supervised, watched, startedAtMs: clock.now(), lastTaskMs: -Infinity }
    live = started
    announce(name, supervised.state())
    broadcast({ news: 'runs' })
    return started
  }

  function announce(run: string, state: RunState): void {
    if (!isOver(state)) broadcast({ news: 'state', run, live: state as LiveState, over: null, error: null })
  }

  function hear(started: Live, message: WorkerMessage): void {
    const { name, watched } = started
    if (message.message === 'event') watched.add(message.entry)
    if (message.message === 'pulse') watched.pulse(message.pulse)
    if (message.message === 'notice') broadcast({ news: 'notice', run: name, text: message.text })
    if (message.message === 'progress') {
      const { task, done, total, remainingSeconds } = message
      if (done < total && clock.now() < started.lastTaskMs + betweenTasksMs) return
      started.lastTaskMs = clock.now()
      broadcast({ news: 'task', run: name, task, done, total, remainingSeconds })
    }
  }

  async function seeThrough(started: Live, lock: WorkspaceLock): Promise<void> {
    const { name, watched, supervised } = started
    const outcome = await supervised.outcome
    watched.settle()
    settle(started, outcome)
    await lock.release()
    live = undefined
    busyWith = undefined
    options.broadcastLast({ news: 'state', run: name, live: null, over: outcome.state, error: outcome.error?.report() ?? null })
    broadcast({ news: 'runs' })
    watched.release()
  }

  /** Only a forecast hangs on this; a full disk must not hide how the run ended. */
  function settle({ name, run, startedAtMs }: Live, { state }: RunOutcome): void {
    try {
      const record = settleForecast(run, workspace, (clock.now() - startedAtMs) / 1000, state === 'finished')
      if (!record?.actual) return
      const { minutes, peakBytes } = record.actual
      const text =
        `It took ${durationText(minutes * 60)} (forecast ${durationText(record.minutes * 60)}) and ` +
        `${byteSizeText(peakBytes)} (forecast ${byteSizeText(record.memoryBytes)}).`
      broadcast({ news: 'notice', run: name, text })
    } catch (error) {
      broadcast({ news: 'notice', run: name, text: `The forecast was not settled: ${toAppError(error).message}` })
    }
  }

  function steered(name: string): SupervisedRun {
    if (live?.name === name) return live.supervised
    throw new AppError('request.refused', `Run ${name} does not go on here.`, {
      hint: 'Resume it first. A run of the command line is steered there.'
    })
  }

  return {
    start,
    pause: (run) => steered(run).pause(),
    continue: (run) => steered(run).continue(),
    stop: (run) => steered(run).stop(),
    current: () => (live === undefined ? null : { run: live.name, live: live.supervised.state() as LiveState }),
    async close(withinMs) {
      closing = true
      live?.supervised.stop()
      const cancel = clock.after(withinMs, () => live?.supervised.kill())
      let giveUp = (): void => undefined
      // Even a killed process can hang in the disk's driver.
      const gaveUp = new Promise<void>((resolve) => (giveUp = clock.after(withinMs + killedWithinMs, resolve)))
      await Promise.race([over, gaveUp])
      cancel()
      giveUp()
    },
    kill: () => live?.supervised.kill()
  }
}

function incidentNews(run: string, incident: Incident): HostNews {
  const { what, checkpointStep, restarts } = incident
  return { news: 'incident', run, what, text: incidentText(incident), checkpointStep, restarts }
}
