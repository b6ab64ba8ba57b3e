/**
 * All that the page gets from the desktop program: a port to the host, when it says that it is ready, and the path of a file that a
 * person dropped. Runs sandboxed, in a world of its own beside the page's.
 */
import electron from 'electron'
import { pageReady, portMessage } from '../shared/windowHandshake.js'

const { contextBridge, ipcRenderer } = electron

window.addEventListener('message', (event) => {
  if (event.source === window && event.data === pageReady) ipcRenderer.send(pageReady)
})

ipcRenderer.on(portMessage, (event) => {
  window.postMessage(portMessage, window.location.origin, [...event.ports])
})

/** Empty for what is not on the disk, such as a picture dragged out of a page. */
function pathOf(file: File): string {
  // Before Electron 32 a file carries its path itself; there is no webUtils to ask.
  const asked = (electron as Partial<typeof electron>).webUtils?.getPathForFile(file)
  const carried = (file as File & { path?: unknown }).path
  return asked ?? (typeof carried === 'string' ? carried : '')
}

contextBridge.exposeInMainWorld('cellscope', { pathOf })
