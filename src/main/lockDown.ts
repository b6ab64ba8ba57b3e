/** What no page of ours may do, whatever it shows: leave, open windows, ask for devices, reach the network. */
import { app, shell, type Session, type WebContents } from 'electron'
import { isOurPage } from './isOurPage.js'
import { allowedLinks } from './allowedLinks.js'

/** For every page, also for one that we did not foresee. */
export function lockDownPages(): void {
  app.on('web-contents-created', (_, contents) => lockDownPage(contents))
}

function lockDownPage(contents: WebContents): void {
  contents.on('will-navigate', (event, url) => {
    if (!isOurPage(url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    openLink(url)
    return { action: 'deny' }
  })
}

/** Opens one of the addresses that stand in allowedLinks.ts in the person's browser, and nothing else. */
export function openLink(url: string): void {
  if (allowedLinks.includes(url)) void shell.openExternal(url)
}

/** A page of ours may copy to the clipboard and save a picture that it made itself; everything else is refused. */
export function lockDownSession(session: Session): void {
  const mayAsk = (permission: string, origin: string): boolean => permission === 'clipboard-sanitized-write' && isOurPage(origin)
  session.setPermissionRequestHandler((_, permission, answer, { requestingUrl }) => answer(mayAsk(permission, requestingUrl)))
  session.setPermissionCheckHandler((_, permission, origin) => mayAsk(permission, origin))
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest((request, answer) => answer({ cancel: !isLocal(request.url) }))
  session.on('will-download', (event, item) => {
    if (!/^(blob|data):/.test(item.getURL())) event.preventDefault()
  })
}

/** The page itself, what it made in memory, and the tools of a developer. */
function isLocal(url: string): boolean {
  return isOurPage(url) || /^(blob|data|devtools|chrome-extension):/.test(url)
}
