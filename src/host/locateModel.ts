/** What a person means by a model: architecture.json, an exported folder, or a run by name or folder. */
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Settings } from '../shared/config/settings.js'
import { AppError } from '../shared/errors.js'
import { findRun } from './findRun.js'
import { join } from 'node:path'

export interface LocatedModel {
  /** Absolute path. */
  path: string
  /** The settings of the run, where the model is one. */
  settings?: Settings
}

/** @throws AppError file.not-found, run.not-found */
export function locateModel(workspace: string, name: string): LocatedModel {
  const path = resolve(name)
  if (existsSync(path) && (statSync(path).isFile() || existsSync(join(path, 'architecture.json')))) return { path }
  try {
    const run = findRun(workspace, name)
    return { path: run.path, settings: run.manifest.settings }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'run.not-found') throw error
    throw new AppError('file.not-found', `${name} is neither an architecture.json, nor an exported folder, nor a run in ${workspace}.`, {
      cause: error
    })
  }
}
