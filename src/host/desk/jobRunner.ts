/** Single jobs of the engine for pages: scans, samples, exports. Two at a time, further ones wait for their turn. */
import { AppError } from '../../shared/errors.js'
import type { JobInputs } from '../../shared/jobInputs.js'
import type { WorkerMessage } from '../../shared/protocol.js'
import type { Clock } from '../clock.js'
import type { SpawnEngine } from '../engineProcess.js'
import { runEngineJob, type EngineJob } from '../runEngineJob.js'
import { workerEnvironment } from '../workerEnvironment.js'
import { closingError } from './closingError.js'

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
  /** Cancels all, and takes no more. */
  close(): void
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
  let closing = false

  function next(): void {
    while (atWork < mostAtOnce && queue.length > 0) {
      atWork++
      queue.shift()?.begin()
    }
  }

  function start<Name extends keyof JobInputs>(job: Name, input: JobInputs[Name], onProgress: (progress: JobProgress) => void): StartedJob {
    if (closing) throw closingError()
    let running: EngineJob | undefined
    let cancelled = false
    let resolve: (value: unknown) => void = () => undefined
    let reject: (error: unknown) => void = () => undefined
    const result = new Promise<unknown>((...settle) => ([resolve, reject] = settle))

    function over(settle: () => void): void {
      all.delete(waiting)
      if (cancelled) reject(new AppError('request.cancelled', 'The request was cancelled.'))
      else settle()
      onChange()
    }

    async function begin(): Promise<void> {
      const environment = workerEnvironment({ threads: 0, oneDnn: true })
      running = runEngineJob({ job, input, environment, spawn, onMessage: atMostTenASecond(clock, onProgress) })
      try {
        const value = await running.result
        over(() => resolve(value))
      } catch (error) {
        over(() => reject(error))
      }
      running = undefined
      atWork--
      next()
    }

    function cancel(): void {
      if (cancelled) return
      cancelled = true
      const place = queue.indexOf(waiting)
      if (place >= 0) {
        queue.splice(place, 1)
        return over(() => undefined)
      }
      running?.stop()
      clock.after(patienceMs, () => running?.kill())
    }

    const waiting: Waiting = { begin: () => void begin(), cancel, kill: () => running?.kill() }
    all.add(waiting)
    queue.push(waiting)
    next()
    onChange()
    return { result, cancel }
  }

  return {
    start,
    count: () => all.size,
    close() {
      closing = true
      for (const each of [...all]) each.cancel()
    },
    kill: () => [...all].forEach((each) => each.kill())
  }
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
