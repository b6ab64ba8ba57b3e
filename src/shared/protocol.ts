/** Every message between host and engine worker. The client's messages (the window's, the browser's) join here with the window. */
import type { JournalEntry, Pulse } from './events.js'
import type { ErrorReport } from './errors.js'

/** Host to worker. Paths are absolute; the run folder exists and holds a manifest. */
export type WorkerCommand =
  | { command: 'run'; runFolder: string; acceptInexact: boolean }
  | { command: 'pause' }
  | { command: 'continue' }
  /** Checkpoint, then leave with code 0. */
  | { command: 'stop' }
  /** Any single job outside a run: derive, train, evaluate, export, latency, inspect. `job` names it, `input` is validated there. */
  | { command: 'job'; job: string; input: unknown }

/** Worker to host. */
export type WorkerMessage =
  | { message: 'ready'; fingerprint: Fingerprint }
  | { message: 'event'; entry: JournalEntry }
  | { message: 'pulse'; pulse: Pulse }
  | { message: 'progress'; task: string; done: number; total: number; remainingSeconds: number | null }
  | { message: 'state'; state: 'running' | 'paused' | 'stopping' }
  | { message: 'checkpointed'; step: number }
  /** What a person should know and the journal must not hold, such as a damaged checkpoint that was set aside. */
  | { message: 'notice'; text: string }
  | { message: 'result'; value: unknown }
  | { message: 'failed'; error: ErrorReport }
  | { message: 'finished' }
  | { message: 'heartbeat' }

/** What the bits of a result depend on; written into the manifest and compared on resume (reliability P2). */
export interface Fingerprint {
  cellscope: string
  tensorflow: string
  threads: number
  oneDnn: boolean
  cpu: string
  device: 'cpu' | 'gpu'
}
