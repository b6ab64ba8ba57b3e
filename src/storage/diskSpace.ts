/** How much room a disk has, asked before something large is written. */
import fs from 'node:fs'
import { AppError } from '../shared/errors.js'

/** Free bytes that this user may use on the folder's disk; undefined where Node cannot tell (before 18.15) or the folder is not there. */
export function freeBytes(folder: string): number | undefined {
  if (typeof fs.statfsSync !== 'function') return undefined
  try {
    const found = fs.statfsSync(folder)
    return found.bavail * found.bsize
  } catch {
    return undefined
  }
}

/** Throws disk.full unless the folder's disk has room for `bytes`; says nothing where that cannot be told. */
export function requireSpace(folder: string, bytes: number, free = freeBytes(folder)): void {
  if (free === undefined || free >= bytes) return
  const mebibytes = (count: number): string => `${Math.ceil(count / 1048576)} MiB`
  throw new AppError('disk.full', `${folder}: expected ${mebibytes(bytes)} of free space, found ${mebibytes(free)}.`)
}
