/** One of a few words on the command line. */
import { nearestName } from '../shared/config/nearestName.js'
import { AppError } from '../shared/errors.js'

/** @throws AppError settings.invalid-value, with the nearest word */
export function choice<Known extends string>(flag: string, text: string, known: readonly Known[]): Known {
  const found = known.find((name) => name === text)
  if (found !== undefined) return found
  const nearest = nearestName(text, known)
  const hint = nearest === undefined ? `Choose one of ${known.join(', ')}.` : `Did you mean "${nearest}"?`
  throw new AppError('settings.invalid-value', `${flag} must be one of ${known.join(', ')}, but is "${text.slice(0, 80)}".`, { hint })
}
