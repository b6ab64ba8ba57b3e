/**
 * `npm start [-- --workspace FOLDER]`: opens the window; where there is no Electron or no display, says so and serves the same pages on
 * this machine. Fetches nothing.
 */
import { readMarker } from './setup/marker.mjs'
import { ensureBuilt } from './start/ensureBuilt.mjs'
import { findWindow } from './start/findWindow.mjs'
import { runCommandLine } from './start/runCommandLine.mjs'
import { startWindow } from './start/startWindow.mjs'

const words = process.argv.slice(2)

async function main() {
  if (!ensureBuilt()) return 1
  if (!readMarker()) process.stdout.write('TensorFlow is not set up yet: pages open, but no run can start before `npm run setup`.\n')
  const found = findWindow()
  if ('missing' in found) return serve(found.missing)
  const { code, opened } = await startWindow(found.electron, words)
  return opened || code === 0 ? code : serve(`Electron ended with code ${code} before its window was there (see docs/setup.md)`)
}

function serve(missing) {
  process.stdout.write(`No window: ${missing}. The same pages are served on this machine instead:\n`)
  return runCommandLine(['serve', ...words])
}

process.exitCode = await main()
