/** Before all tests of the window: is everything there, is it built, is there a display; after them: what was started is ended. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { whyBuild } from '../../scripts/start/ensureBuilt.mjs'
import { chromiumProgram, electronFolder, root } from './places.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder for runs and profiles; gone after the tests. */
    scratch: string
    electron: string | null
    chromium: string | null
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const stale = whyBuild(root)
  if (stale?.endsWith('is missing') === true) throw new Error(`The tests of the window need a build, but ${stale}: run \`npm run build\`.`)
  if (stale !== undefined) process.stdout.write(`Note: ${stale}; what is tested is what was built.\n`)

  const electron = electronFolder()
  const chromium = chromiumProgram()
  if (electron === undefined) missing(`Electron is not here: run \`npx install-electron\`, or name its folder in CELLSCOPE_ELECTRON.${standIn()}`)
  if (chromium === undefined) missing('Chromium is not here: install it (Debian: `apt-get install chromium`), or name its program in CELLSCOPE_CHROMIUM.')

  const display = electron !== undefined && process.platform === 'linux' && !process.env.DISPLAY ? await startDisplay() : undefined
  const scratch = mkdtempSync(join(tmpdir(), 'cellscope-e2e-'))
  project.provide('scratch', scratch)
  project.provide('electron', electron ?? null)
  project.provide('chromium', chromium ?? null)
  return () => {
    display?.kill()
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

/** Loud everywhere, and a failure where the tests are meant to be whole. */
function missing(text: string): void {
  if (process.env.CI) throw new Error(text)
  process.stderr.write(`NOT RUN: tests of the window. ${text}\n`)
}

function standIn(): string {
  const script = '../shared/tools/electron-runtime.sh'
  return existsSync(join(root, script)) ? ` On this machine ${script} --apt FOLDER makes one.` : ' (There is no ../shared with a stand-in, either.)'
}

/** A display of our own, which chooses its number itself and tells it on a pipe. */
function startDisplay(): Promise<ChildProcess> {
  const display = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1440x1000x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  return new Promise((resolve, reject) => {
    display.once('error', () => reject(new Error('There is no display and no Xvfb: install it (Debian: `apt-get install xvfb`), or set DISPLAY.')))
    display.once('exit', (code) => reject(new Error(`Xvfb ended with code ${code}.`)))
    display.stdio[3]?.once('data', (number: Buffer) => {
      process.env.DISPLAY = `:${number.toString().trim()}`
      resolve(display)
    })
  })
}
