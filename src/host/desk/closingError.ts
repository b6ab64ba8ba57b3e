/** What is refused while the desk is being closed. */
import { AppError } from '../../shared/errors.js'

export function closingError(): AppError {
  return new AppError('request.refused', 'Cellscope is closing.', { hint: 'Start it again.' })
}
