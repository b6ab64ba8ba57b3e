/** The system's dialogs, for the host. */
import { dialog, shell, type BrowserWindow } from 'electron'

export interface Dialogs {
  chooseFolder(): Promise<string | null>
  chooseDestination(suggestedName: string): Promise<string | null>
  reveal(path: string): Promise<void>
}

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
    reveal: async (path) => shell.showItemInFolder(path)
  }
}
