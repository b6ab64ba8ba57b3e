/** What a shell (the window, the local server) gives to the desk. */
import type { Transport, HostMessage, HostNews, LiveState } from '../../shared/clientProtocol.js'
import type { Pulse } from '../../shared/events.js'
import type { Clock } from '../clock.js'
import type { SpawnEngine } from '../engineProcess.js'

/** The system's dialogs; each gives null where the person changed their mind. */
export interface Dialogs {
  chooseFolder(): Promise<string | null>
  chooseDestination(suggestedName: string): Promise<string | null>
  /** Shows a file in the system's file manager. */
  reveal(path: string): void
}

export interface DeskOptions {
  /** Folder of the runs; made where it is missing. */
  workspace: string
  spawn: SpawnEngine
  /** A browser may be on another machine, at the other end of a tunnel: it names no paths. */
  shell: 'desktop' | 'browser'
  /** Folders with images that a browser may name. */
  datasets?: readonly string[]
  dialogs?: Dialogs
  /** The page speaks this language now. */
  onLanguage?(language: 'en' | 'zh'): void
  /** The command line program in words; default `cellscope`. */
  command?: string
  /** Gets what only we can make sense of: the stack of an error of ours. */
  log?(text: string): void
  clock?: Clock
}

/** What goes on, for a shell that keeps the machine awake or asks before it quits. */
export interface Activity {
  /** The run that goes on here. */
  run: string | null
  live: LiveState | null
  pulse: Pulse | null
  /** Scans, samples and exports at work. */
  jobs: number
}

/** The desk's end of the line to one page. */
export type PageTransport = Transport<HostMessage, unknown> & {
  /** Whether much of what was sent has not left yet; then no more of a journal is sent. */
  isBusy?(): boolean
  /** Where the line carries text: sends a message that is JSON already, which for a long journal halves the work. */
  sendText?(json: string): void
}

/** One page that is connected. */
export interface PageConnection {
  /** What the shell has to say, such as a chosen menu item. */
  tell(news: HostNews): void
  close(): void
}

/** The application without a face. */
export interface Desk {
  readonly shell: DeskOptions['shell']
  connect(transport: PageTransport): PageConnection
  activity(): Activity
  /** Called after every change; the result stops it. */
  onActivity(listener: (activity: Activity) => void): () => void
  /** The real path of what a run's `exports` folder holds under this name. Throws run.not-found, file.not-found. */
  exportedPath(run: string, name: string): string
  /** Checkpoints and ends every worker, within ten seconds, and closes every connection. */
  close(): Promise<void>
  /** Ends every worker at once; the last checkpoint stands. */
  kill(): void
}
