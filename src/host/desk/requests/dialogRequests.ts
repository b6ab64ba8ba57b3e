/** The system's dialogs, where the shell has them. */
import { existsSync } from 'node:fs'
import { AppError } from '../../../shared/errors.js'
import type { Dialogs } from '../deskOptions.js'
import type { DeskParts, RequestHandlers } from '../requestHandler.js'

export const dialogRequests: Pick<RequestHandlers, 'chooseFolder' | 'chooseDestination' | 'reveal' | 'setLanguage'> = {
  chooseFolder: async (asked) => ({ path: await dialogs(asked).chooseFolder() }),
  async chooseDestination(asked, { suggestedName }) {
    const path = await dialogs(asked).chooseDestination(suggestedName)
    if (path !== null) asked.chosenTargets.add(path)
    return { path }
  },
  reveal(asked, { path }) {
    const shown = dialogs(asked)
    if (!existsSync(path)) throw new AppError('file.not-found', `${path} does not exist.`)
    shown.reveal(path)
    return {}
  },
  setLanguage({ options }, { language }) {
    options.onLanguage?.(language)
    return {}
  }
}

function dialogs({ options }: DeskParts): Dialogs {
  if (options.dialogs !== undefined) return options.dialogs
  throw new AppError('request.refused', 'A browser has no dialogs of this machine.', { hint: 'Choose one of the listed folders, or export without a path and fetch the file.' })
}
