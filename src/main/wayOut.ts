/** The one way out of the program: what runs is checkpointed and ended, and after ten seconds it ends all the same. */
import { BrowserWindow, app } from 'electron'

export interface WayOut {
  /** Does nothing when it has begun. */
  begin(): void
  begun(): boolean
}

export interface WayOutOptions {
  /** Checkpoints and ends every run. */
  close(): Promise<void>
  /** Ends what is left of the engine at once. */
  killEngines(): void
}

/** Of the ten seconds that are promised; the rest is for Electron's own end. */
const closeWithinMs = 8500

/** Quit in the menu, the system's own wish, SIGTERM and Ctrl-C all come here. */
export function wayOut({ close, killEngines }: WayOutOptions): WayOut {
  let begun = false
  let ended = false

  function end(): void {
    ended = true
    killEngines()
    app.exit(0)
  }

  function begin(): void {
    if (begun) return
    begun = true
    // Gone from sight at once; what follows takes a moment.
    for (const window of BrowserWindow.getAllWindows()) window.close()
    setTimeout(end, closeWithinMs)
    close().then(end, end)
  }

  app.on('before-quit', (event) => {
    if (ended) return
    event.preventDefault()
    begin()
  })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => (begun ? end() : begin()))
  return { begin, begun: () => begun }
}
