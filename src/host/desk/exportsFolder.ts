/** Where, in a run's folder, lies what was exported from a page without a place of its own. */
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '../../shared/errors.js'
import type { RunFolder } from '../../storage/runFolder.js'

export const exportsFolder = 'exports'

/** The real path of an exported file or folder, which lies directly in that folder. @throws AppError file.not-found */
export function exportedPath(run: RunFolder, name: string): string {
  const folder = join(run.path, exportsFolder)
  const none = new AppError('file.not-found', 'There is no such export.')
  if (!/^[\w][\w.-]{0,120}$/.test(name) || !existsSync(join(folder, name))) throw none
  const real = realpathSync.native(join(folder, name))
  if (dirname(real) !== realpathSync.native(folder)) throw none
  return real
}
