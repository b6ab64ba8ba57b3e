/** The one way out of the program: what runs is checkpointed and ended, and after ten seconds it ends all the same. */
import { BrowserWindow, app } from 'electron'

export interface WayOut {
  /** Does nothing when it has begun. */
  begin(): void
  begun(): boolean
  /** The exit code of the program, whenever it ends. */
  withCode(code: number): void
}

export interface WayOutOptions {
  /** Checkpoints and ends every run. */
  close(): Promise<void>
  /** Ends what is left of the engine at once. */
  killEngines(): void
}

/** Of the ten seconds that are promised; the rest is for Electron's own end. */
const closeWithinMs = 8500

/** As the command line ends after them; a second signal does not wait. */
const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 143 }

/** Quit in the menu, the system's own wish, SIGTERM and Ctrl-C all come here. */
export function wayOut({ close, killEngines }: WayOutOptions): WayOut {
  let begun = false
  let ended = false
  let exitCode = 0

  function end(): void {
    ended = true
    killEngines()
    app.exit(exitCode)
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
  for (const [signal, code] of Object.entries(codes)) {
    process.on(signal, () => {
      exitCode = code
      if (begun) end()
      else begin()
    })
  }
  return { begin, begun: () => begun, withCode: (code) => (exitCode = code) }
}
