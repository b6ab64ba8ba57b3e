/** What the preload of the desktop program puts into the page; absent in a browser. */
export interface DesktopBridge {
  /** The path of a file or folder that was dropped onto the window; empty where it has none. */
  pathOf: (file: File) => string
}

declare global {
  interface Window {
    cellscope?: DesktopBridge
  }
}

export function desktopBridge(): DesktopBridge | null {
  return window.cellscope ?? null
}
