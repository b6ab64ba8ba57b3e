/** A person in front of Cellscope: the same steps, whatever shows the pages. */
import type { Page } from 'playwright-core'

export interface Driver {
  name: 'Electron' | 'Chromium'
  /** Whether the program is here; the reason stands in globalSetup.ts. */
  isHere: boolean
  /** Starts the program on a workspace. */
  sit(workspace: string): Promise<Sitting>
}

export interface Sitting {
  /** The page that is shown now. */
  page(): Page
  /** Process id of what holds the host. */
  pid: number
  /** Closes the window or the tab; the program stays if it has reason to. */
  closeWindow(): Promise<void>
  /** What a person does to see it again: a second start, a new tab. */
  comeBack(): Promise<void>
  /** Kills the process that draws the page, and waits until the page is there again and shows this; its text then. */
  crashPage(shows?: string): Promise<string>
  /** Exports by this button and gives the file that a person then has. */
  exportWith(button: string, file: string): Promise<void>
  /** Quits as a person does, and waits for the end of the process. */
  quit(): Promise<void>
  /** Content policy reports so far. */
  reports(): string[]
}
