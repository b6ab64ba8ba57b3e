/** Where the command line writes and how it is interrupted; a test gives its own. */
import type { SpawnEngine } from '../host/engineProcess.js'

export interface Terminal {
  /** For people: progress and results. With --json: one JSON object a line and nothing else. */
  out(text: string): void
  /** For errors and warnings. */
  error(text: string): void
  /** Whether `out` is a terminal whose last line can be rewritten. */
  isInteractive: boolean
  columns: number
}

export interface Headless {
  terminal: Terminal
  spawn: SpawnEngine
  /** Calls back on Ctrl-C (SIGINT) and SIGTERM until the result is called. */
  onInterrupt(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void
  /** Workspace where --workspace is not given. */
  defaultWorkspace: string
  /** Path of the script that looks over the machine. */
  doctorScript: string
  /** Folder with the built pages of the workbench. */
  pages: string
  /** Opens an address in the person's browser. */
  openAddress(address: string): void
}
