/** What the command line's exit codes say; documented in docs/command-line.md. */
import type { AppError } from '../shared/errors.js'

export const exitCode = {
  ok: 0,
  /** Something that the person can put right: a setting, a file, a name. */
  user: 1,
  /** The command line itself could not be understood. */
  usage: 2,
  /** Disk, memory or a process failed; the run can be resumed. */
  fault: 3,
  /** An error of ours. */
  bug: 4,
  /** Ctrl-C: a checkpoint was written and the run stopped. */
  interrupted: 130,
  /** SIGTERM: the same. */
  terminated: 143
} as const

export function exitCodeOf(error: AppError): number {
  return exitCode[error.kind]
}
