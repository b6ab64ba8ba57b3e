/** What a command shows while it works: for people or for machines. */
import type { AppError } from '../shared/errors.js'
import type { WorkerMessage } from '../shared/protocol.js'
import type { RunState } from '../host/runState.js'

export interface View {
  /** A fact about what is going on: a name, a folder, a forecast. `text` is for people, `value` for machines. */
  tell(kind: string, value: Record<string, unknown>, text: string): void
  message(message: WorkerMessage): void
  state(state: RunState): void
  warn(text: string): void
  fail(error: AppError): void
  /** The last thing a command shows: people read `text`, machines get `value`. */
  result(value: unknown, text: string): void
  /** Leaves the terminal tidy. */
  close(): void
}
