/**
 * One worker's life: it loads the engine, gets one run or one job, does it, and leaves. Commands come in between two steps; events,
 * progress and heartbeats go out. Without its host it checkpoints and leaves by itself.
 */
import { toAppError } from '../shared/errors.js'
import type { Fingerprint, WorkerCommand } from '../shared/protocol.js'
import type { HostPort } from './hostPort.js'
import { runJob, type Job } from './job.js'
import type { RunControl, RunContext } from './runContext.js'
import { openRunContext } from './openRunContext.js'
import { progressSender } from './progressSender.js'
import type { SteeredControl } from './runControl.js'

/** What the session needs of the engine; loaded first thing, because a missing TensorFlow shows there. */
export interface LoadedEngine {
  fingerprint: Fingerprint
  /** Resolves to 'stopped' when the control said 'stop' before the end. */
  runPipeline(context: RunContext): Promise<'finished' | 'stopped'>
  jobs: Record<string, Job>
}

export interface SessionOptions {
  port: HostPort
  load(): Promise<LoadedEngine>
  /** Ends the process. */
  exit(code: number): void
}

export interface WorkerSession {
  /** The host is gone or the system wants us to end: checkpoint and leave, within ten seconds. */
  leave(): void
}

const heartbeatMs = 2000
const leaveWithinMs = 10_000

/** Serves the host until the run or job is over; then calls exit: 0 when all went well or the run was stopped, 1 after an error. */
export function serveHost({ port, load, exit }: SessionOptions): WorkerSession {
  const engine = load()
  let control: SteeredControl | undefined
  let busy = false
  let leaving = false
  let earlyPause = false
  let stopRequested = false
  let lastSign = 0

  const heartbeat = setInterval(() => port.send({ message: 'heartbeat' }), heartbeatMs)
  engine.then(
    (loaded) => port.send({ message: 'ready', fingerprint: loaded.fingerprint }),
    (error: unknown) => void fail(error)
  )

  /** A step loop gives timers no turn when its steps are long; so each sign of life may carry the heartbeat. */
  function showLife(): void {
    const now = performance.now()
    if (now - lastSign < heartbeatMs) return
    lastSign = now
    port.send({ message: 'heartbeat' })
  }

  function obey(command: WorkerCommand): void {
    if (command.command === 'run' || command.command === 'job') return void work(command)
    if (command.command === 'stop') {
      stopRequested = true
      control?.stop()
      if (!busy) void end(0)
    } else if (control !== undefined) control[command.command]()
    else earlyPause = command.command === 'pause'
  }

  async function work(command: WorkerCommand & { command: 'run' | 'job' }): Promise<void> {
    if (busy)
      return port.send({ message: 'notice', text: 'The engine was given a second task while it works on the first, and leaves it.' })
    busy = true
    try {
      const loaded = await engine
      if (command.command === 'run') await run(loaded, command)
      else await doJob(loaded, command)
    } catch (error) {
      return fail(error)
    }
    await end(0)
  }

  async function run(loaded: LoadedEngine, command: WorkerCommand & { command: 'run' }): Promise<void> {
    const opened = await openRunContext({ command, fingerprint: loaded.fingerprint, port, showLife })
    control = opened.control
    if (earlyPause) control.pause()
    if (stopRequested) control.stop()
    port.send({ message: 'state', state: 'running' })
    try {
      const end = await loaded.runPipeline(opened.context)
      if (end === 'finished') port.send({ message: 'finished' })
    } finally {
      await opened.close()
    }
  }

  async function doJob(loaded: LoadedEngine, command: WorkerCommand & { command: 'job' }): Promise<void> {
    const progress = progressSender(port, showLife)
    const stop: Pick<RunControl, 'stopRequested'> = { stopRequested: () => stopRequested }
    const value = await runJob(loaded.jobs, command.job, command.input, { progress, ...stop })
    port.send({ message: 'result', value })
    port.send({ message: 'finished' })
  }

  async function fail(error: unknown): Promise<void> {
    const known = toAppError(error)
    if (known.kind === 'bug') process.stderr.write(`${known.cause instanceof Error ? known.cause.stack : known.stack}\n`)
    port.send({ message: 'failed', error: known.report() })
    await end(1)
  }

  async function end(code: number): Promise<void> {
    clearInterval(heartbeat)
    await port.drained()
    exit(code)
  }

  function leave(): void {
    if (leaving) return
    leaving = true
    obey({ command: 'stop' })
    setTimeout(() => exit(1), leaveWithinMs).unref()
  }

  port.onCommand(obey)
  port.onClose(leave)
  return { leave }
}
