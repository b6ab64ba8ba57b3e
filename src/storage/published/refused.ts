import { AppError } from '../../shared/errors.js'

/** The refusal of a file that somebody else wrote: which file, and what was found in it. Nothing of such a file is ever executed. */
export function refused(source: string, found: string, cause?: unknown): AppError {
  const hint = 'Give a file as the FasterSeg code saves it, or a JSON file of the raw arrays. Nothing in this file was executed.'
  return new AppError('file.format', `${source}: ${found}.`, cause === undefined ? { hint } : { hint, cause })
}
