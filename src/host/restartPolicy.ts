/** Whether a worker that died is started again: as long as there is progress, and three times without (reliability, section 3). */
import { AppError } from '../shared/errors.js'
import type { EngineExit } from './engineProcess.js'

/** Deaths without a checkpoint between them, after which the run is given up. */
export const mostRestartsWithoutProgress = 3

export interface RestartPolicy {
  /** A checkpoint is safe on disk: what came before counts no more, if it is a later one than any before. */
  progressed(step: number): void
  /** Undefined: start again. Otherwise why not. */
  died(exit: EngineExit, details: { wasReady: boolean; output: string }): AppError | undefined
}

/** A policy for one run; it counts deaths since the last progress. */
export function restartPolicy(): RestartPolicy {
  let furthest = -1
  let deaths: EngineExit[] = []
  return {
    progressed(step) {
      if (step <= furthest) return
      furthest = step
      deaths = []
    },
    died(exit, { wasReady, output }) {
      deaths.push(exit)
      if (!wasReady && exit.signal === null) return neverReady(exit, output)
      // Twice at the same place from outside is what the kernel does when memory ends.
      if (deaths.length >= 2 && deaths.slice(-2).every((death) => death.signal === 'SIGKILL')) return looksLikeMemory()
      return deaths.length > mostRestartsWithoutProgress ? gaveUp(exit, deaths.length) : undefined
    }
  }
}

function neverReady(exit: EngineExit, output: string): AppError {
  const last = output.trim().split('\n').pop() ?? ''
  return new AppError(
    'engine.unavailable',
    `The engine ended with code ${exit.code} before it was ready${last === '' ? '' : `: ${last.slice(0, 300)}`}.`
  )
}

function looksLikeMemory(): AppError {
  return new AppError('memory.exhausted', 'The engine was killed twice before its next checkpoint, which looks like memory running out.', {
    hint: 'Close other programs or choose a smaller batch or crop in a new run; this run can be resumed, its last checkpoint is intact.'
  })
}

function gaveUp(exit: EngineExit, count: number): AppError {
  return new AppError('engine.crashed', `The engine died ${count} times without reaching a new checkpoint, last with ${exitText(exit)}.`, {
    hint: "See the newest file in the run's incidents folder; resume the run to try again from its last checkpoint."
  })
}

/** Such as `signal SIGSEGV` or `code 1`. */
export function exitText(exit: EngineExit): string {
  return exit.signal === null ? `code ${exit.code}` : `signal ${exit.signal}`
}
