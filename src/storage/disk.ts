/**
 * The system calls that storage makes, in one list, so that a test can fail each of them or put a model disk underneath that loses what
 * was not synced. Everything is synchronous: a worker that writes a checkpoint has nothing better to do.
 */
import fs from 'node:fs'
import { faultPoint } from './fault.js'

export interface Disk {
  /** Flags as of Node: `r` read, `r+` read and write what exists, `w` create or empty, `wx+` create what must not exist. */
  open(path: string, flags: 'r' | 'r+' | 'w' | 'wx+'): number
  close(file: number): void
  /** Reads up to `length` bytes at `position` into the start of `bytes`; how many it read, 0 at the end. */
  read(file: number, bytes: Uint8Array, length: number, position: number): number
  /** Writes bytes[offset, offset + length) at `position`; how many it wrote, which may be fewer. */
  write(file: number, bytes: Uint8Array, offset: number, length: number, position: number): number
  sizeBytes(file: number): number
  truncate(file: number, sizeBytes: number): void
  sync(file: number): void
  /** Makes names that were created, renamed or removed in this folder survive a power cut. */
  syncFolder(path: string): void
  rename(from: string, to: string): void
  /** Makes one folder; its parent must exist. */
  makeFolder(path: string): void
  removeFile(path: string): void
  /** Removes a folder that is empty. */
  removeEmptyFolder(path: string): void
  /** Names in a folder, sorted. */
  list(path: string): string[]
  kind(path: string): 'file' | 'folder' | 'none'
  /** Whether the name itself is a symbolic link, wherever it leads. */
  isLink(path: string): boolean
}

/** The real disk. */
export const nodeDisk: Disk = {
  open: (path, flags) => fs.openSync(path, flags),
  close: (file) => fs.closeSync(file),
  read: (file, bytes, length, position) => fs.readSync(file, bytes, 0, length, position),
  write: (file, bytes, offset, length, position) => fs.writeSync(file, bytes, offset, length, position),
  sizeBytes: (file) => fs.fstatSync(file).size,
  truncate: (file, sizeBytes) => fs.ftruncateSync(file, sizeBytes),
  sync: (file) => fs.fsyncSync(file),
  syncFolder: syncRealFolder,
  rename: renameWithPatience,
  makeFolder: (path) => fs.mkdirSync(path),
  removeFile: (path) => fs.unlinkSync(path),
  removeEmptyFolder: (path) => fs.rmdirSync(path),
  list: (path) => fs.readdirSync(path).sort(),
  kind: (path) => {
    const found = fs.statSync(path, { throwIfNoEntry: false })
    if (found === undefined) return 'none'
    return found.isDirectory() ? 'folder' : 'file'
  },
  isLink: (path) => fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
}

let current: Disk = nodeDisk

/** Puts another disk underneath, for tests; without an argument the real one again. */
export function useDisk(next: Disk = nodeDisk): void {
  current = next
}

/** The disk that storage uses: the current one behind fault points. Closing never fails, as a dead process closes its files too. */
export const disk: Disk = {
  open: (path, flags) => (faultPoint('disk.open'), current.open(path, flags)),
  close: (file) => current.close(file),
  read: (file, bytes, length, position) => (faultPoint('disk.read'), current.read(file, bytes, length, position)),
  write: (file, bytes, offset, length, position) => {
    const short = faultPoint('disk.write') === 'short'
    return current.write(file, bytes, offset, short ? Math.ceil(length / 2) : length, position)
  },
  sizeBytes: (file) => (faultPoint('disk.size'), current.sizeBytes(file)),
  truncate: (file, sizeBytes) => (faultPoint('disk.truncate'), current.truncate(file, sizeBytes)),
  sync: (file) => (faultPoint('disk.sync'), current.sync(file)),
  syncFolder: (path) => (faultPoint('disk.syncFolder'), current.syncFolder(path)),
  rename: (from, to) => (faultPoint('disk.rename'), current.rename(from, to)),
  makeFolder: (path) => (faultPoint('disk.makeFolder'), current.makeFolder(path)),
  removeFile: (path) => (faultPoint('disk.removeFile'), current.removeFile(path)),
  removeEmptyFolder: (path) => (faultPoint('disk.removeEmptyFolder'), current.removeEmptyFolder(path)),
  list: (path) => (faultPoint('disk.list'), current.list(path)),
  kind: (path) => (faultPoint('disk.kind'), current.kind(path)),
  isLink: (path) => current.isLink(path)
}

/** Windows cannot sync a folder; its file system writes names in order by itself. */
function syncRealFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = fs.openSync(path, 'r')
  try {
    fs.fsyncSync(folder)
  } finally {
    fs.closeSync(folder)
  }
}

/** On Windows a rename fails while a virus scanner or a reader has the file open: a few more tries, a moment apart. */
function renameWithPatience(from: string, to: string): void {
  for (let tries = 1; ; tries++) {
    try {
      return fs.renameSync(from, to)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : ''
      const busy = process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES' || code === 'EBUSY')
      if (!busy || tries === 10) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20 * tries)
    }
  }
}
