/** The desktop program, put together: host, engine, window, menu, signs, and the way out. */
import { join } from 'node:path'
import { Menu, app, dialog, session, shell } from 'electron'
import type { Terminal } from '../headless/terminal.js'
import { openDesk } from '../host/desk/openDesk.js'
import { projectPaper } from './allowedLinks.js'
import type { StartOptions } from './commandLine.js'
import { systemDialogs } from './dialogs.js'
import { electronEngines } from './electronEngine.js'
import { followActivity, goesOn } from './followActivity.js'
import { lockDownSession, openLink } from './lockDown.js'
import { menuTemplate, type MenuActions } from './menuTemplate.js'
import { menuWords, type MenuLanguage, type MenuWords } from './menuWords.js'
import { pageWindow } from './pageWindow.js'
import { servePage } from './pageProtocol.js'
import { runDemo } from './runDemo.js'
import { shellClient } from './shellClient.js'
import { desktopSigns } from './signs.js'
import { wayOut } from './wayOut.js'

export interface Application {
  /** Opens the window, or brings it to the front. */
  show(): void
}

// The build puts main, preload and page into folders side by side.
const built = join(__dirname, '..')

export async function openApplication({ workspace, demo }: StartOptions): Promise<Application> {
  const systemLanguage = app.getLocale().startsWith('zh') ? 'zh' : 'en'
  let words = menuWords[systemLanguage]
  lockDownSession(session.defaultSession)
  servePage(join(built, 'workbench'))

  const engines = electronEngines(join(__dirname, 'engine.cjs'))
  const page = pageWindow({
    preload: join(built, 'preload', 'preload.cjs'),
    placeFile: join(app.getPath('userData'), 'window.json'),
    connect: (transport) => desk.connect(transport),
    tryAgain: () => askAfterDeaths(words)
  })
  const desk = openDesk({
    workspace,
    spawn: engines.spawn,
    shell: 'desktop',
    dialogs: systemDialogs(page.window),
    onLanguage: speak,
    command: 'npx cellscope',
    log: (text) => process.stderr.write(`${text}\n`)
  })
  const leave = wayOut({ close: desk.close, killEngines: engines.killAll })
  const signs = desktopSigns(page.window, page.show)
  const client = shellClient(desk.connect)

  /** On macOS a program stays without a window; elsewhere it would be lost to sight. */
  function leaveIfIdle(): void {
    if (page.window() === undefined && !goesOn(desk.activity()) && process.platform !== 'darwin') leave.begin()
  }

  desk.onActivity(followActivity({ onProgress: signs.progress, onBusy: signs.keepAwake, onIdle: leaveIfIdle }))
  client.onNews((news) => {
    if (news.news === 'state' && news.over !== null && !leave.begun()) signs.tell(words[news.over], news.run)
  })
  app.on('window-all-closed', () => {
    if (goesOn(desk.activity()) && !leave.begun()) signs.tell(words.goesOnTitle, words.goesOn)
    leaveIfIdle()
  })
  function speak(language: MenuLanguage): void {
    words = menuWords[language]
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(words, menuActions())))
  }

  function menuActions(): MenuActions {
    return {
      command(command) {
        page.show()
        page.tell({ news: 'command', command })
      },
      showRunsFolder: () => void shell.openPath(join(workspace, 'runs')),
      openPaper: () => openLink(projectPaper),
      about: () => void showAbout(words),
      quit: leave.begin
    }
  }

  speak(systemLanguage)
  if (demo) await showDemo()
  else page.show()
  process.send?.('cellscope-window')
  return { show: () => page.show() }

  /** The demo's run, shown from its first step on; the exit code is that of the demo. */
  async function showDemo(): Promise<void> {
    const { run, over } = await runDemo(client, workspace, terminal)
    page.show(run === undefined ? '' : `#/run/${encodeURIComponent(run)}/search`)
    void over.then(leave.withCode)
  }
}

const terminal: Terminal = {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  isInteractive: process.stdout.isTTY,
  columns: process.stdout.columns ?? 100
}

async function showAbout({ about, aboutDetail }: MenuWords): Promise<void> {
  const { electron, chrome, node } = process.versions
  const detail = `${aboutDetail}\n\nElectron ${electron}, Chromium ${chrome}, Node ${node}`
  await dialog.showMessageBox({ type: 'info', title: about, message: `Cellscope ${app.getVersion()}`, detail })
}

async function askAfterDeaths({ diedTitle, died, again, close }: MenuWords): Promise<boolean> {
  const { response } = await dialog.showMessageBox({ type: 'error', title: diedTitle, message: diedTitle, detail: died, buttons: [again, close] })
  return response === 0
}
