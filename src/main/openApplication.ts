/** The desktop program, put together: host, engine, window, menu, signs, and the way out. */
import { join } from 'node:path'
import { Menu, app, dialog, session, shell } from 'electron'
import { openDesk } from '../host/desk/openDesk.js'
import { projectPaper } from './allowedLinks.js'
import type { StartOptions } from './commandLine.js'
import { systemDialogs } from './dialogs.js'
import { electronEngines } from './electronEngine.js'
import { followLiveRuns } from './liveRuns.js'
import { lockDownSession, openLink } from './lockDown.js'
import { menuTemplate } from './menuTemplate.js'
import { menuWords, type MenuLanguage } from './menuWords.js'
import { pageWindow } from './pageWindow.js'
import { servePage } from './pageProtocol.js'
import { shellClient } from './shellClient.js'
import { desktopSigns } from './signs.js'
import { wayOut } from './wayOut.js'

export interface Application {
  /** Opens the window, or brings it to the front. */
  show(): void
}

// The build puts main, preload and page into folders side by side.
const built = join(__dirname, '..')

export async function openApplication({ workspace }: StartOptions): Promise<Application> {
  lockDownSession(session.defaultSession)
  servePage(join(built, 'workbench'))
  let language: MenuLanguage = app.getLocale().startsWith('zh') ? 'zh' : 'en'
  const words = (): (typeof menuWords)['en'] => menuWords[language]

  const engines = electronEngines(join(__dirname, 'engine.cjs'))
  const page = pageWindow({
    preload: join(built, 'preload', 'preload.cjs'),
    placeFile: join(app.getPath('userData'), 'window.json'),
    connect: (transport) => desk.connect(transport),
    tryAgain: () => askAfterDeaths(words())
  })
  const desk = await openDesk({ workspace, shell: 'desktop', spawn: engines.spawn, dialogs: systemDialogs(page.window) })
  const leave = wayOut({ close: () => desk.close(), killEngines: engines.killAll })
  const signs = desktopSigns(page.window, page.show)
  const runs = followLiveRuns(shellClient((transport) => desk.connect(transport)), {
    onProgress: signs.progress,
    onBusy: signs.keepAwake,
    onOver(run, over) {
      if (!leave.begun()) signs.tell(words()[over], run)
      leaveIfIdle()
    }
  })

  /** On macOS a program stays without a window; elsewhere it would be lost to sight. */
  function leaveIfIdle(): void {
    if (page.window() === undefined && !runs.any() && process.platform !== 'darwin') leave.begin()
  }

  app.on('window-all-closed', () => {
    if (runs.any() && !leave.begun()) signs.tell(words().goesOnTitle, words().goesOn)
    leaveIfIdle()
  })

  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate(words(), {
        command(command) {
          page.show()
          page.send({ news: 'command', command })
        },
        showRunsFolder: () => void shell.openPath(workspace),
        openPaper: () => openLink(projectPaper),
        about: () => void showAbout(words()),
        quit: leave.begin
      })
    )
  )
  page.show()
  return { show: page.show }
}

async function showAbout({ about, aboutDetail }: (typeof menuWords)['en']): Promise<void> {
  const { electron, chrome, node } = process.versions
  const detail = `${aboutDetail}\n\nElectron ${electron}, Chromium ${chrome}, Node ${node}`
  await dialog.showMessageBox({ type: 'info', title: about, message: `Cellscope ${app.getVersion()}`, detail })
}

async function askAfterDeaths({ diedTitle, died, again, close }: (typeof menuWords)['en']): Promise<boolean> {
  const { response } = await dialog.showMessageBox({ type: 'error', title: diedTitle, message: diedTitle, detail: died, buttons: [again, close] })
  return response === 0
}
