/** An engine worker as the host sees it, whatever carries it: a child process of Node, Electron's utility process, or a fake in a test. */
import type { WorkerCommand } from '../shared/protocol.js'

export interface EngineExit {
  code: number | null
  signal: string | null
}

export interface EngineProcess {
  readonly pid: number | undefined
  /** Never throws; a message to a dead process is lost. */
  send(command: WorkerCommand): void
  /** Ends the process at once, without a checkpoint. */
  kill(): void
  /** Messages as they arrived, not yet checked. */
  onMessage(listener: (message: unknown) => void): void
  /** What the process wrote to its error output. */
  onOutput(listener: (text: string) => void): void
  /** Called once, after the last message. */
  onExit(listener: (exit: EngineExit) => void): void
}

/** Starts an engine worker with exactly these environment variables. */
export type SpawnEngine = (environment: Record<string, string>) => EngineProcess
