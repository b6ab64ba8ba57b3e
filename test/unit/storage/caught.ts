import { AppError } from '../../../src/shared/errors.js'

/** What `work` throws, which must be an AppError; a sentence instead when it throws nothing, so that the comparison fails readably. */
export function caught(work: () => unknown): AppError {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('expected an AppError, nothing was thrown')
}
