/** The folder where runs live: `runs/NAME`. Reading it needs no lock; creating runs and working on them does. */
import path from 'node:path'
import { AppError } from '../shared/errors.js'
import { makeFolders, sweepStrays } from './atomicFile.js'
import { disk } from './disk.js'
import { RunFolder, type NewRun } from './runFolder.js'
import { readRunState, type RunState } from './runState.js'
import { kindOf, named } from './storageError.js'
import { lockWorkspace, type WorkspaceLock } from './workspaceLock.js'

/** One run in a list. A run that cannot be read has an `error` instead of the rest, so that one bad folder hides no other. */
export interface ListedRun {
  name: string
  folder: string
  state?: RunState
  error?: AppError
}

export class Workspace {
  private constructor(readonly path: string) {}

  /** Opens a workspace; makes its folder when it is new. Throws file.write. */
  static open(folder: string): Workspace {
    const workspace = new Workspace(path.resolve(folder))
    named('writing', workspace.runsPath, () => makeFolders(workspace.runsPath))
    return workspace
  }

  get runsPath(): string {
    return path.join(this.path, 'runs')
  }

  /** Makes this process the one writer, and removes runs whose creation was interrupted. Throws workspace.locked. */
  async lock(): Promise<WorkspaceLock> {
    const lock = await lockWorkspace(this.path)
    named('removing', this.runsPath, () => sweepStrays(this.runsPath))
    return lock
  }

  /** The folder of a run of this name, whether it exists or not. Throws settings.invalid-value for a name that is not one. */
  runPath(name: string): string {
    const reason = nameProblem(name)
    if (reason !== undefined) {
      const hint = 'Use letters, digits, spaces, dots, - and _, at most 80.'
      throw new AppError('settings.invalid-value', `The run's name ${JSON.stringify(name)} ${reason}.`, { hint })
    }
    return path.join(this.runsPath, name)
  }

  /** Makes a run. Throws run.exists also for a name that differs only in upper and lower case: some disks take them for one. */
  createRun(run: NewRun): RunFolder {
    const folder = this.runPath(run.name)
    const twin = this.names().find((name) => sameName(name, run.name))
    if (twin !== undefined) throw new AppError('run.exists', `A run ${JSON.stringify(twin)} exists already in ${this.path}.`)
    return RunFolder.create(folder, run)
  }

  /** Opens a run. Throws run.not-found, file.version, file.format. */
  openRun(name: string): RunFolder {
    const folder = this.runPath(name)
    if (kindOf(folder) !== 'folder') throw new AppError('run.not-found', `There is no run ${JSON.stringify(name)} in ${this.path}.`)
    return RunFolder.open(folder)
  }

  /** All runs by name with what their manifests and the ends of their journals say; reads no journal whole. */
  listRuns(): ListedRun[] {
    return this.names().map((name) => {
      const folder = path.join(this.runsPath, name)
      try {
        return { name, folder, state: readRunState(RunFolder.open(folder)) }
      } catch (error) {
        if (error instanceof AppError) return { name, folder, error }
        throw error
      }
    })
  }

  /** The first of `base`, `base-2`, `base-3`, ... that no run has. */
  freeName(base: string): string {
    const names = this.names()
    for (let number = 1; ; number++) {
      const name = number === 1 ? base : `${base}-${number}`
      if (!names.some((other) => sameName(other, name))) return name
    }
  }

  private names(): string[] {
    return named('reading', this.runsPath, () => disk.list(this.runsPath).filter((name) => !name.startsWith('.')))
  }
}

function sameName(a: string, b: string): boolean {
  return a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase()
}

/** Why a name cannot be a folder on every system; undefined when it can. */
function nameProblem(name: string): string | undefined {
  if (name.length === 0 || name.length > 80) return 'must have 1 to 80 characters'
  if (!/^[\p{L}\p{N}_][\p{L}\p{M}\p{N} ._-]*$/u.test(name)) return 'must begin with a letter or digit and hold no special characters'
  if (/[ .]$/.test(name)) return 'must not end with a space or a dot'
  if (/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name)) return 'is reserved on Windows'
  return undefined
}
