/** Turns what the operating system says into an error for people that names the file. */
import { AppError } from '../shared/errors.js'
import { disk } from './disk.js'

/** What storage was about to do, as it stands in the sentence: "reading", "writing". */
export type StorageTask = 'reading' | 'writing' | 'removing'

/**
 * Runs `task` and names `path` in what it throws: disk.full for a full disk or quota, file.not-found for reading what is not there,
 * file.write for any other failed write, file.format for any other failed read. Errors that are no system errors pass unchanged.
 */
export function named<Result>(task: StorageTask, path: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw storageError(error, task, path)
  }
}

/** The AppError for a system error; anything else unchanged. */
export function storageError(error: unknown, task: StorageTask, path: string): unknown {
  const code = systemCode(error)
  if (code === undefined) return error
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('disk.full', `The disk is full: ${task} ${path} failed (${code}).`, { cause: error })
  }
  if (task === 'reading') {
    if (code === 'ENOENT' || code === 'ENOTDIR') return new AppError('file.not-found', `${path} does not exist.`, { cause: error })
    const hint = 'Check that this user may read the file and that the disk is healthy.'
    return new AppError('file.format', `${path} cannot be read (${code}).`, { hint, cause: error })
  }
  return new AppError('file.write', `${task === 'writing' ? 'Writing' : 'Removing'} ${path} failed (${code}).`, { cause: error })
}

/** The system's code, such as ENOENT; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof AppError || !('code' in error)) return undefined
  return typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined
}

/** What stands at a path; a folder on the way that cannot be searched is an error, not `none`. */
export function kindOf(path: string): 'file' | 'folder' | 'none' {
  return named('reading', path, () => disk.kind(path))
}
