/**
 * `npm run demo`: the demo in the window where there is one (the terminal tells of it, too), else in the terminal. --no-window or
 * CELLSCOPE_NO_WINDOW=1 keeps it in the terminal; so do words that only the command line knows.
 */
import { findWindow } from './start/findWindow.mjs'
import { runCommandLine } from './start/runCommandLine.mjs'
import { startWindow } from './start/startWindow.mjs'

const given = process.argv.slice(2)
const words = given.filter((word) => word !== '--no-window')

async function main() {
  if (words.length < given.length) return inTerminal()
  const unknown = words.find((word, index) => !/^--workspace(=|$)/.test(word) && words[index - 1] !== '--workspace')
  if (unknown !== undefined) return inTerminal(`${unknown} is for the terminal`)
  const found = findWindow()
  if ('missing' in found) return inTerminal(found.missing)
  const { code, opened } = await startWindow(found.electron, ['--demo', ...words])
  return opened || code === 0 ? code : inTerminal(`Electron ended with code ${code} before its window was there (see docs/setup.md)`)
}

function inTerminal(reason) {
  if (reason !== undefined) process.stdout.write(`The demo runs in the terminal: ${reason}.\n\n`)
  return runCommandLine(['demo', ...words])
}

process.exitCode = await main()
