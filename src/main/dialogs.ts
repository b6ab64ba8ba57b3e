/** The system's dialogs, for the host. */
import { dialog, shell, type BrowserWindow } from 'electron'
import type { Dialogs } from '../host/desk/deskOptions.js'

/** @param owner the window that a dialog belongs to */
export function systemDialogs(owner: () => BrowserWindow | undefined): Dialogs {
  return {
    async chooseFolder() {
      const window = owner()
      const properties = ['openDirectory' as const]
      const { filePaths } = await (window ? dialog.showOpenDialog(window, { properties }) : dialog.showOpenDialog({ properties }))
      return filePaths[0] ?? null
    },
    async chooseDestination(suggestedName) {
      const window = owner()
      const options = { defaultPath: suggestedName }
      const { filePath } = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options))
      return filePath === undefined || filePath === '' ? null : filePath
    },
    reveal: (path) => shell.showItemInFolder(path)
  }
}
