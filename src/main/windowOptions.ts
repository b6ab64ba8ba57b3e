/** What every window of ours is made of. There is one factory (openWindow.ts), and this is all it passes to Electron. */
import type { BrowserWindowConstructorOptions } from 'electron'
import type { WindowPlace } from './windowPlace.js'

export interface WindowLook {
  place: WindowPlace
  dark: boolean
}

/** @param preload path of preload.cjs */
export function windowOptions(preload: string, { place, dark }: WindowLook): BrowserWindowConstructorOptions {
  return {
    ...place.bounds,
    minWidth: 720,
    minHeight: 480,
    title: 'Cellscope',
    show: false,
    // Before the page is drawn; the colours of theme.css.
    backgroundColor: dark ? '#181c21' : '#ffffff',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // It would fetch dictionaries from the network.
      spellcheck: false
    }
  }
}
