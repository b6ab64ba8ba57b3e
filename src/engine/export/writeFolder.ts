/** A folder that is there whole or not at all: written beside, synced, renamed. */
import { rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../shared/errors.js'
import { makeFolders, strayPrefix, writeFileSynced } from '../../storage/atomicFile.js'
import { disk } from '../../storage/disk.js'
import { faultPoint } from '../../storage/fault.js'
import { named } from '../../storage/storageError.js'

/**
 * Replacing takes away the whole folder, so a folder in which a person keeps other things must not become the target by mistake: what is
 * there must be empty or hold a file that `isOurs` knows by its name.
 *
 * Lets `fill` write files (names relative to the folder, with forward slashes) into a new folder, then gives it the name `target`. What
 * was there is removed only once the new folder stands. `fill` also gets the path at which the files lie meanwhile. If `fill` throws,
 * nothing remains of it. Throws file.exists for a foreign folder, disk.full or file.write where the folder cannot be written.
 *
 * A folder cannot be exchanged in one step: a crash between the two renames leaves the old one as `TARGET.old`, and the next call, for
 * the same target, puts it back before it starts.
 */
export async function writeFolder<Result>(
  target: string,
  isOurs: (name: string) => boolean,
  fill: (write: (name: string, content: Uint8Array | string) => void, folder: string) => Promise<Result>
): Promise<Result> {
  refuseForeign(target, isOurs)
  const parent = dirname(target)
  const beside = join(parent, strayPrefix + basename(target))
  const old = `${target}.old`
  named('writing', target, () => {
    makeFolders(parent)
    if (disk.kind(target) === 'none' && disk.kind(old) === 'folder') disk.rename(old, target)
    removeTree(beside)
    removeTree(old)
    makeFolders(beside)
  })
  try {
    const result = await fill((name, content) => named('writing', join(target, name), () => writeInto(beside, name, content)), beside)
    faultPoint('writeFolder.afterFill')
    named('writing', target, () => exchange(beside, target, old))
    return result
  } catch (error) {
    removeTree(beside)
    throw error
  }
}

/** A link in the folder, such as node_modules to another place, is removed and not followed. */
function removeTree(path: string): void {
  rmSync(path, { recursive: true, force: true })
}

function refuseForeign(target: string, isOurs: (name: string) => boolean): void {
  const kind = disk.kind(target)
  if (kind === 'none') return
  const names = kind === 'folder' ? disk.list(target) : [target]
  if (names.length === 0 || names.some(isOurs)) return
  throw new AppError('file.exists', `${target}: expected a new folder or an earlier one of the same kind, found something else.`)
}

function writeInto(folder: string, name: string, content: Uint8Array | string): void {
  const file = join(folder, ...name.split('/'))
  makeFolders(dirname(file))
  writeFileSynced(file, [typeof content === 'string' ? new TextEncoder().encode(content) : content])
  disk.syncFolder(dirname(file))
}

function exchange(beside: string, target: string, old: string): void {
  const parent = dirname(target)
  if (disk.kind(target) !== 'none') disk.rename(target, old)
  faultPoint('writeFolder.betweenRenames')
  disk.rename(beside, target)
  disk.syncFolder(parent)
  removeTree(old)
}
