/** Whether a window can be opened here: Electron's program and a display. Nothing is fetched. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const electronPackage = fileURLToPath(new URL('../../node_modules/electron', import.meta.url))
const programs = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }

/** @returns {{ electron: string } | { missing: string }} `missing` says what, and what to do, in half a sentence */
export function findWindow(environment = process.env, platform = process.platform) {
  if (environment.CELLSCOPE_NO_WINDOW) return { missing: 'CELLSCOPE_NO_WINDOW is set' }
  const program = programs[platform] ?? 'electron'
  const folder = environment.ELECTRON_OVERRIDE_DIST_PATH
  const electron = folder ? join(folder, program) : downloaded(program)
  if (!existsSync(electron)) {
    return { missing: folder ? `there is no ${electron}, where ELECTRON_OVERRIDE_DIST_PATH points` : 'Electron is not here (`npx install-electron` fetches it)' }
  }
  if (platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY) return { missing: 'there is no display (DISPLAY is not set)' }
  return { electron }
}

/** Where `npx install-electron` puts it; the package writes the program's name down when it has. */
function downloaded(program) {
  const note = join(electronPackage, 'path.txt')
  return join(electronPackage, 'dist', existsSync(note) ? readFileSync(note, 'utf8').trim() : program)
}
