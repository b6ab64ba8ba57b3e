/** The sentence for a file whose header is right and whose contents are not. */
import { AppError } from '../../../shared/errors.js'

/** Turns what a decoder threw into data.bad-image; an AppError goes through. */
export function undecodable(thrown: unknown, file: string, format: 'png' | 'jpeg'): AppError {
  if (thrown instanceof AppError) return thrown
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  const found = /crc/i.test(reason) ? 'found a checksum that does not match: the file is damaged' : `found: ${reason}`
  return new AppError('data.bad-image', `${file}: expected a ${format.toUpperCase()} that can be decoded, ${found}`, { cause: thrown })
}
