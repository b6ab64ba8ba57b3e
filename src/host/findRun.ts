/** A run as a person names it: by its name in the workspace, or by its folder. */
import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve, sep } from 'node:path'
import { AppError } from '../shared/errors.js'
import { RunFolder } from '../storage/runFolder.js'
import { Workspace } from '../storage/workspace.js'

export type { RunFolder } from '../storage/runFolder.js'

/** @throws AppError run.not-found, and what an unreadable manifest throws */
export function findRun(workspace: string, nameOrFolder: string): RunFolder {
  const looksLikePath = isAbsolute(nameOrFolder) || nameOrFolder.includes('/') || nameOrFolder.includes(sep)
  if (looksLikePath || existsSync(join(resolve(nameOrFolder), 'manifest.json'))) return RunFolder.open(resolve(nameOrFolder))
  if (!existsSync(workspace)) {
    throw new AppError('run.not-found', `There is no run ${JSON.stringify(nameOrFolder)}: the workspace ${workspace} does not exist.`)
  }
  return Workspace.open(workspace).openRun(nameOrFolder)
}
