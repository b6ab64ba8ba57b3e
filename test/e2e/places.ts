/** Where things are for the tests of the window. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')

/** Folder of an Electron: named by CELLSCOPE_ELECTRON, as `npm start` finds it, or made by globalSetup beside the project. */
export function electronFolder(): string | undefined {
  const folders = [process.env.CELLSCOPE_ELECTRON, process.env.ELECTRON_OVERRIDE_DIST_PATH, join(root, 'node_modules/electron/dist')]
  return folders.find((folder) => folder !== undefined && folder !== '' && existsSync(join(folder, 'electron')))
}

export function chromiumProgram(): string | undefined {
  const programs = [process.env.CELLSCOPE_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  return programs.find((program) => program !== undefined && program !== '' && existsSync(program))
}

/** Root has no sandbox in Chromium. */
export const sandboxSwitch = process.getuid?.() === 0 ? ['--no-sandbox'] : []
