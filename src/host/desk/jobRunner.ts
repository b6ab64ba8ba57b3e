/** Single jobs of the engine for pages: scans, samples, exports. Two at a time, further ones wait for their turn. */
import { AppError } from '../../shared/errors.js'
import type { JobInputs } from '../../shared/jobInputs.js'
import type { WorkerMessage } from '../../shared/protocol.js'
import type { Clock } from '../clock.js'
import type { SpawnEngine } from '../engineProcess.js'
import { runEngineJob, type EngineJob } from '../runEngineJob.js'
import { workerEnvironment } from '../workerEnvironment.js'

export type JobProgress = Extract<WorkerMessage, { message: 'progress' }>

export interface StartedJob {
  /** Rejects with request.cancelled after `cancel`. */
  result: Promise<unknown>
  cancel(): void
}

export interface JobRunner {
  start<Name extends keyof JobInputs>(job: Name, input: JobInputs[Name], onProgress: (progress: JobProgress) => void): StartedJob
  /** At work and waiting. */
  count(): number
  cancelAll(): void
  kill(): void
}

const mostAtOnce = 2
/** A job that does not heed its stop is ended after this. */
const patienceMs = 4000
const betweenProgressMs = 100

interface Waiting {
  begin(): void
  cancel(): void
  kill(): void
}

export function jobRunner(spawn: SpawnEngine, clock: Clock, onChange: () => void): JobRunner {
  const all = new Set<Waiting>()
  const queue: Waiting[] = []
  let atWork = 0

  function next(): void {
    while (atWork < mostAtOnce && queue.length > 0) {
      atWork++
      queue.shift()?.begin()
    }
  }

  function start<Name extends keyof JobInputs>(job: Name, input: JobInputs[Name], onProgress: (progress: JobProgress) => void): StartedJob {
    let running: EngineJob | undefined
    let cancelled = false
    let settle: (work: Promise<unknown>) => void = () => undefined
    const result = new Promise<unknown>((resolve) => (settle = resolve))
    const cancel = (): void => {
      if (cancelled) return
      cancelled = true
      const place = queue.indexOf(waiting)
      if (place >= 0) {
        queue.splice(place, 1)
        return done(Promise.reject(cancelledError()))
      }
      running?.stop()
      clock.after(patienceMs, () => running?.kill())
    }
    const done = (work: Promise<unknown>): void => {
      all.delete(waiting)
      settle(work)
      onChange()
    }
    const begin = (): void => {
      running = runEngineJob({ job, input, environment: workerEnvironment({ threads: 0, oneDnn: true }), spawn, onMessage: atMostTenASecond(clock, onProgress) })
      void running.result.then(
        (value) => (cancelled ? Promise.reject(cancelledError()) : value),
        (error: unknown) => Promise.reject(cancelled ? cancelledError() : error)
      ).then(
        (value) => ended(Promise.resolve(value)),
        (error: unknown) => ended(Promise.reject(error as Error))
      )
    }
    const ended = (work: Promise<unknown>): void => {
      running = undefined
      atWork--
      done(work)
      next()
    }
    const waiting: Waiting = { begin, cancel, kill: () => running?.kill() }
    all.add(waiting)
    queue.push(waiting)
    next()
    onChange()
    return { result, cancel }
  }

  return {
    start,
    count: () => all.size,
    cancelAll: () => [...all].forEach((each) => each.cancel()),
    kill: () => [...all].forEach((each) => each.kill())
  }
}

function cancelledError(): AppError {
  return new AppError('request.cancelled', 'The request was cancelled.')
}

/** The last one of a task always comes through. */
function atMostTenASecond(clock: Clock, onProgress: (progress: JobProgress) => void): (message: WorkerMessage) => void {
  let last = -Infinity
  return (message) => {
    if (message.message !== 'progress') return
    if (message.done < message.total && clock.now() < last + betweenProgressMs) return
    last = clock.now()
    onProgress(message)
  }
}
