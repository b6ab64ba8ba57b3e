/** The one window and the page in it: made, shown, given its port, opened anew when its page dies. */
import { BrowserWindow, MessageChannelMain, ipcMain, nativeTheme, screen, type MessageEvent, type WebFrameMain } from 'electron'
import type { PageConnection, PageTransport } from '../host/desk/deskOptions.js'
import { portTransport } from '../host/desk/transport/portTransport.js'
import type { HostMessage, HostNews } from '../shared/clientProtocol.js'
import { pageReady, portMessage } from '../shared/windowHandshake.js'
import { isOurPage } from './isOurPage.js'
import { pageOrigin } from './pageFile.js'
import { readWindowPlace, writeWindowPlace } from './windowPlace.js'
import { windowOptions } from './windowOptions.js'

export interface PageWindowOptions {
  /** Path of preload.cjs. */
  preload: string
  /** File that keeps where the window stands. */
  placeFile: string
  /** Gives a new page to the host. */
  connect(transport: PageTransport): PageConnection
  /** The page has died several times in a row: whether to try once more. */
  tryAgain(): Promise<boolean>
}

export interface PageWindow {
  /** Opens the window, or brings it to the front; a window that is opened shows the page of this hash. */
  show(hash?: string): void
  /** To the page; lost while there is none. */
  tell(news: HostNews): void
  window(): BrowserWindow | undefined
}

const mostDeaths = 3
const deathsWithinMs = 60_000

export function pageWindow(options: PageWindowOptions): PageWindow {
  let window: BrowserWindow | undefined
  let connection: PageConnection | undefined
  let diedOf: string | undefined
  let deaths: number[] = []

  function show(hash = ''): void {
    if (window === undefined) return open(hash)
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }

  function open(hash: string): void {
    const place = readWindowPlace(options.placeFile, screen.getAllDisplays().map(({ workArea }) => workArea))
    const opened = new BrowserWindow(windowOptions(options.preload, { place, dark: nativeTheme.shouldUseDarkColors }))
    window = opened
    if (place.maximized) opened.maximize()
    opened.once('ready-to-show', () => opened.show())
    opened.on('close', () => writeWindowPlace(options.placeFile, { bounds: opened.getNormalBounds(), maximized: opened.isMaximized() }))
    opened.on('closed', () => {
      window = undefined
      connection = undefined
    })
    opened.webContents.on('render-process-gone', (_, { reason }) => void recover(opened, reason))
    void opened.loadURL(`${pageOrigin}/${hash}`)
  }

  async function recover(dead: BrowserWindow, reason: string): Promise<void> {
    diedOf = reason
    connection = undefined
    const now = Date.now()
    deaths = [...deaths.filter((when) => now - when < deathsWithinMs), now]
    if (deaths.length > mostDeaths) {
      if (!(await options.tryAgain())) return dead.isDestroyed() ? undefined : dead.close()
      deaths = []
    }
    if (!dead.isDestroyed()) dead.webContents.reload()
  }

  /** A port for the page that asks, if it is ours and stands in our window by itself. */
  function handOver(frame: WebFrameMain | null): void {
    if (window === undefined || frame === null || frame !== window.webContents.mainFrame || !isOurPage(frame.url)) return
    const { port1, port2 } = new MessageChannelMain()
    connection = options.connect(portTransport<HostMessage, unknown>(port1, (event) => (event as MessageEvent).data))
    frame.postMessage(portMessage, null, [port2])
    if (diedOf !== undefined) connection.tell({ news: 'page-died', reason: diedOf })
    diedOf = undefined
  }

  ipcMain.on(pageReady, (event) => handOver(event.senderFrame))
  return { show, tell: (news) => connection?.tell(news), window: () => window }
}
