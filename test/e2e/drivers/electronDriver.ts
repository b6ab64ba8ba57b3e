/** The desktop program. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { inject } from 'vitest'
import { patience } from '../patience.js'
import { root, sandboxSwitch } from '../places.js'
import { until } from '../until.js'
import type { Driver, Sitting } from './driver.js'
import { policyReports } from './policyReports.js'

export interface ElectronSitting extends Sitting {
  app: ElectronApplication
  /** Starts the program once more with the same words, and waits for the end of that second one. */
  startAgain(): Promise<void>
}

export interface ElectronDriver extends Driver {
  sit(workspace: string, words?: string[]): Promise<ElectronSitting>
}

/** @param electron folder of Electron, null where it is not here */
export function electronDriver(electron = inject('electron')): ElectronDriver {
  return { name: 'Electron', isHere: electron !== null, sit: (workspace, words = []) => sit(electron ?? '', workspace, words) }
}

async function sit(folder: string, workspace: string, more: string[]): Promise<ElectronSitting> {
  const program = join(folder, 'electron')
  const words = [...sandboxSwitch, root, '--workspace', workspace, `--user-data-dir=${workspace}-profile`, ...more]
  const app = await _electron.launch({ executablePath: program, args: words, chromiumSandbox: sandboxSwitch.length === 0 })
  const child = app.process()
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const watch = policyReports()
  let page = await watched(await app.firstWindow())

  async function watched(shown: Page): Promise<Page> {
    watch.page(shown)
    shown.setDefaultTimeout(30_000 * patience)
    await shown.getByRole('navigation').first().waitFor()
    return shown
  }

  async function comeBack(): Promise<void> {
    const [window] = await Promise.all([app.waitForEvent('window'), secondStart(program, words)])
    page = await watched(window)
  }

  return {
    app,
    page: () => page,
    pid: child.pid ?? 0,
    async closeWindow() {
      const closed = page.waitForEvent('close')
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().forEach((window) => window.close()))
      await closed
    },
    comeBack,
    startAgain: () => secondStart(program, words),
    async crashPage(shows = '') {
      const drawer = (): Promise<number> => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0)
      // Playwright has no use for a page that died, though it is there again; so the program itself is asked.
      const text = (): Promise<string> =>
        app.evaluate(async ({ BrowserWindow }) => String(await BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.body.innerText')))
      const before = await drawer()
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer())
      await until('another process draws the page', drawer, (pid) => pid !== 0 && pid !== before)
      return until('the page is back', text, (found) => found.includes('was opened anew') && found.includes(shows))
    },
    async exportWith(button, file) {
      await app.evaluate(({ dialog }, filePath) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
      }, file)
      await page.getByRole('button', { name: button }).click()
      await page.getByRole('button', { name: 'Show in folder' }).first().waitFor({ timeout: 90_000 * patience })
    },
    async quit() {
      await app.evaluate(({ Menu }) => void Menu.getApplicationMenu()?.getMenuItemById('quit')?.click()).catch(() => undefined)
      await ended
    },
    reports: watch.reports
  }
}

/** Resolves when the second program has handed over and ended. */
function secondStart(program: string, words: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const second = spawn(program, words, { stdio: 'ignore' })
    second.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`The second start ended with code ${code}.`))))
  })
}
