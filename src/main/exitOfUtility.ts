/** What the exit code of a utility process says. Electron passes on the number of a signal as a code, and 0 for a process that was killed. */
import { constants } from 'node:os'
import type { EngineExit } from '../host/engineProcess.js'

/** Signals that end a process which did not expect them; their numbers are no exit codes of ours. */
const fatal = ['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGSEGV', 'SIGTERM'] as const

/** @param saidFarewell whether the worker left by its own will (shared/farewell.ts) */
export function exitOfUtility(code: number, saidFarewell: boolean): EngineExit {
  if (saidFarewell) return { code, signal: null }
  if (code === 0) return { code: null, signal: 'SIGKILL' }
  const number = code > 128 ? code - 128 : Math.abs(code)
  const signal = fatal.find((name) => constants.signals[name] === number)
  return signal === undefined ? { code, signal: null } : { code: null, signal }
}
