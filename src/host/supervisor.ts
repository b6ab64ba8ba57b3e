/**
 * Keeps one run going: starts the engine worker, listens for its heartbeat, starts it again from the last checkpoint when it dies, and
 * passes on what a person wants. Knows nothing of who shows it and of what carries the messages.
 */
import { AppError } from '../shared/errors.js'
import type { WorkerMessage } from '../shared/protocol.js'
import { systemClock, type Clock } from './clock.js'
import type { EngineExit, EngineProcess, SpawnEngine } from './engineProcess.js'
import type { Incident } from './incident.js'
import { restartPolicy } from './restartPolicy.js'
import { isOver, nextRunState, type RunHappening, type RunState } from './runState.js'
import { readWorkerMessage } from './workerMessage.js'

export interface SupervisorOptions {
  runFolder: string
  acceptInexact: boolean
  environment: Record<string, string>
  spawn: SpawnEngine
  clock?: Clock
  /** Silence after which the worker counts as stalled, and after which it is killed and started again. */
  stallAfterMs?: number
  killAfterMs?: number
  onMessage?(message: WorkerMessage): void
  onState?(state: RunState): void
  onStall?(silentSeconds: number): void
  /** Something went wrong that should be kept in the run's folder. */
  onIncident?(incident: Incident): void
}

export interface RunOutcome {
  state: 'finished' | 'stopped' | 'failed'
  error?: AppError
  restarts: number
}

export interface SupervisedRun {
  state(): RunState
  pause(): void
  continue(): void
  /** Checkpoint, then leave. */
  stop(): void
  /** Ends the worker at once; the last checkpoint stands. */
  kill(): void
  outcome: Promise<RunOutcome>
}

const keptEntries = 200
const keptOutput = 8192

/** Starts the worker and sees the run through. The promise of the outcome never rejects. */
export function superviseRun(options: SupervisorOptions): SupervisedRun {
  const clock = options.clock ?? systemClock
  const stallAfterMs = options.stallAfterMs ?? 30_000
  const killAfterMs = options.killAfterMs ?? 600_000
  const policy = restartPolicy()
  let state: RunState = 'starting'
  let worker: EngineProcess
  let wasReady = false
  let finished = false
  let failure: AppError | undefined
  let restarts = 0
  let checkpointStep: number | null = null
  let lastSign = clock.now()
  let stalled = false
  let cancelWatch = (): void => undefined
  let output = ''
  const entries: unknown[] = []
  let resolveOutcome: (outcome: RunOutcome) => void = () => undefined
  const outcome = new Promise<RunOutcome>((resolve) => (resolveOutcome = resolve))

  function happen(happening: RunHappening): boolean {
    const before = state
    state = nextRunState(state, happening)
    if (state !== before) options.onState?.(state)
    return state !== before
  }

  function start(): void {
    wasReady = false
    output = ''
    lastSign = clock.now()
    const started = options.spawn(options.environment)
    worker = started
    started.onMessage((raw) => started === worker && receive(raw))
    started.onOutput((text) => (output = (output + text).slice(-keptOutput)))
    started.onExit((exit) => started === worker && leave(exit))
    started.send({ command: 'run', runFolder: options.runFolder, acceptInexact: options.acceptInexact })
    if (state === 'pausing') started.send({ command: 'pause' })
    watch()
  }

  function watch(): void {
    cancelWatch()
    cancelWatch = clock.after(Math.min(stallAfterMs, 5000), () => {
      const silentMs = clock.now() - lastSign
      if (silentMs >= stallAfterMs && !stalled) {
        stalled = true
        options.onStall?.(Math.round(silentMs / 1000))
        recordIncident('stall')
      }
      if (silentMs >= killAfterMs) worker.kill()
      else watch()
    })
  }

  function receive(raw: unknown): void {
    const message = readWorkerMessage(raw)
    if (message === undefined) return recordIncident('message')
    lastSign = clock.now()
    stalled = false
    if (message.message === 'ready') wasReady = true
    if (message.message === 'event') keepEntry(message.entry)
    if (message.message === 'checkpointed') {
      checkpointStep = message.step
      policy.progressed(message.step)
    }
    if (message.message === 'state' && message.state === 'running') happen('worker-running')
    if (message.message === 'state' && message.state === 'paused') happen('worker-paused')
    if (message.message === 'finished') finished = true
    if (message.message === 'failed') failure = AppError.from(message.error)
    options.onMessage?.(message)
  }

  function keepEntry(entry: unknown): void {
    entries.push(entry)
    if (entries.length > keptEntries) entries.shift()
  }

  function leave(exit: EngineExit): void {
    cancelWatch()
    if (finished) happen('worker-finished')
    else if (failure !== undefined) fail('worker-failed')
    else if (exit.code === 0) happen('worker-left')
    else die(exit)
    if (isOver(state)) end()
  }

  function fail(happening: RunHappening): void {
    if (failure?.kind !== 'user') recordIncident('failure')
    happen(happening)
  }

  function die(exit: EngineExit): void {
    recordIncident('death', exit)
    if (state === 'stopping') return void happen('worker-died')
    failure = policy.died(exit, { wasReady, output })
    if (failure !== undefined) return void happen('gave-up')
    happen('worker-died')
    restarts++
    start()
  }

  function recordIncident(what: Incident['what'], exit?: EngineExit): void {
    options.onIncident?.({
      what,
      state,
      exit: exit ?? null,
      error: failure?.report() ?? null,
      silentSeconds: Math.round((clock.now() - lastSign) / 1000),
      restarts,
      checkpointStep,
      output,
      entries: [...entries]
    })
  }

  function end(): void {
    const final = state as RunOutcome['state']
    resolveOutcome({ state: final, restarts, ...(final === 'failed' && failure !== undefined ? { error: failure } : {}) })
  }

  start()
  return {
    state: () => state,
    pause: () => void (happen('pause') && worker.send({ command: 'pause' })),
    continue: () => void (happen('continue') && worker.send({ command: 'continue' })),
    stop: () => void (happen('stop') && worker.send({ command: 'stop' })),
    kill: () => {
      happen('stop')
      worker.kill()
    },
    outcome
  }
}
