/** Reading whole files and ranges through the disk, with a cap on size. */
import { AppError } from '../shared/errors.js'
import { disk } from './disk.js'
import { named } from './storageError.js'

/** The file's bytes. Throws file.not-found, or file.format when it is larger than `mostBytes`. */
export function readBytes(path: string, mostBytes = 2 ** 31 - 1): Uint8Array {
  return named('reading', path, () => {
    const file = disk.open(path, 'r')
    try {
      const size = disk.sizeBytes(file)
      if (size > mostBytes) throw new AppError('file.format', `${path}: expected at most ${mostBytes} bytes, found ${size}.`)
      return readRange(file, 0, size)
    } finally {
      disk.close(file)
    }
  })
}

/** Bytes [start, start + length) of an open file; fewer when the file ends before. A fresh buffer, so any element size is aligned. */
export function readRange(file: number, start: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  const most = 1 << 30
  let done = 0
  while (done < length) {
    const count = disk.read(file, bytes.subarray(done), Math.min(most, length - done), start + done)
    if (count === 0) return bytes.subarray(0, done)
    done += count
  }
  return bytes
}
