/** The native menu as a table. What belongs to the page goes to the page as a command; the rest is done here. */
import type { MenuItemConstructorOptions } from 'electron'
import type { HostNews } from '../shared/clientProtocol.js'
import type { MenuWords } from './menuWords.js'

export type PageCommand = Extract<HostNews, { news: 'command' }>['command']

export interface MenuActions {
  command(command: PageCommand): void
  showRunsFolder(): void
  openPaper(): void
  about(): void
  quit(): void
}

/** Ctrl/Cmd+1 to 9. */
const pages = ['start', 'data', 'search', 'lattice', 'networks', 'predictions', 'runs', 'export', 'operators'] as const

export function menuTemplate(words: MenuWords, actions: MenuActions): MenuItemConstructorOptions[] {
  const ask = (command: PageCommand, label: string, accelerator: string): MenuItemConstructorOptions => ({
    id: command,
    label,
    accelerator,
    click: () => actions.command(command)
  })
  const separator = { type: 'separator' } as const
  return [
    {
      label: words.file,
      submenu: [
        ask('new', words.newRun, 'CmdOrCtrl+N'),
        ask('open-folder', words.openFolder, 'CmdOrCtrl+O'),
        { label: words.openRuns, click: actions.showRunsFolder },
        separator,
        { id: 'quit', label: words.quit, accelerator: 'CmdOrCtrl+Q', click: actions.quit }
      ]
    },
    { label: words.edit, submenu: editItems(words) },
    {
      label: words.run,
      submenu: [ask('pause', words.pause, 'CmdOrCtrl+P'), ask('stop', words.stop, 'CmdOrCtrl+.')]
    },
    { label: words.pages, submenu: pages.map((page, index) => ask(page, words[page], `CmdOrCtrl+${index + 1}`)) },
    {
      label: words.view,
      submenu: [
        ask('theme', words.theme, 'CmdOrCtrl+Shift+D'),
        ask('language', words.language, 'CmdOrCtrl+Shift+L'),
        separator,
        { label: words.zoomIn, role: 'zoomIn' },
        { label: words.zoomOut, role: 'zoomOut' },
        { label: words.zoomReset, role: 'resetZoom' },
        { label: words.fullScreen, role: 'togglefullscreen' },
        { label: words.developer, role: 'toggleDevTools' }
      ]
    },
    {
      label: words.help,
      submenu: [
        { label: words.paper, click: actions.openPaper },
        { id: 'about', label: words.about, click: actions.about }
      ]
    }
  ]
}

function editItems(words: MenuWords): MenuItemConstructorOptions[] {
  return [
    { label: words.undo, role: 'undo' },
    { label: words.redo, role: 'redo' },
    { type: 'separator' },
    { label: words.cut, role: 'cut' },
    { label: words.copy, role: 'copy' },
    { label: words.paste, role: 'paste' },
    { label: words.selectAll, role: 'selectAll' }
  ]
}
