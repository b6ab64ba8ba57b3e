/** One checkpoint on disk: a folder with the tensors and a manifest that vouches for them. */
import { createHash } from 'node:crypto'
import path from 'node:path'
import { AppError } from '../shared/errors.js'
import { writeFileSynced } from './atomicFile.js'
import { encodeCheckpointManifest, readCheckpointManifest } from './checkpointManifest.js'
import { disk } from './disk.js'
import { faultPoint } from './fault.js'
import type { JournalMark } from './journal.js'
import { nonFinitePlace } from './nonFinitePlace.js'
import { readSafetensors, refuseNonFinite, safetensorsPieces, type StoredTensor } from './safetensors.js'

export interface CheckpointContent {
  /** Steps of the whole run that are done, over all stages: the key that orders checkpoints. */
  position: number
  tensors: ReadonlyMap<string, StoredTensor>
  /** Small plain state, JSON; a function of the run, never of the clock. */
  info: Record<string, unknown>
  /** From `journal.mark()`, so that the journal is durable up to there. */
  journal: JournalMark
}

const stateFile = 'state.safetensors'
const manifestFile = 'manifest.json'

/** Twelve digits, so that the order of names is the order of positions. */
export function checkpointName(position: number): string {
  if (!Number.isSafeInteger(position) || position < 0 || position >= 1e12) {
    throw new AppError('internal', `expected a checkpoint position from 0 to 10^12, found ${position}.`)
  }
  return String(position).padStart(12, '0')
}

/** Writes a new folder durably. Throws training.not-finite before anything is written. */
export function writeCheckpoint(folder: string, content: CheckpointContent, best: boolean): void {
  const { position, tensors, info, journal } = content
  refusePoison(content)
  disk.makeFolder(folder)
  const hash = createHash('sha256')
  let sizeBytes = 0
  writeFileSynced(path.join(folder, stateFile), watched(safetensorsPieces(tensors)))
  faultPoint('checkpoint.afterState')
  const files = { [stateFile]: { sizeBytes, sha256: hash.digest('hex') } }
  const manifest = encodeCheckpointManifest({ position, best, journal, info, files })
  writeFileSynced(path.join(folder, manifestFile), [Buffer.from(manifest)])
  disk.syncFolder(folder)

  function* watched(pieces: Iterable<Uint8Array>): Iterable<Uint8Array> {
    for (const piece of pieces) {
      hash.update(piece)
      sizeBytes += piece.length
      yield piece
    }
  }
}

/** Reads a folder whole and checks it against its manifest. Throws checkpoint.damaged, file.version, file.format and others. */
export function readCheckpoint(folder: string): CheckpointContent & { tensors: Map<string, StoredTensor>; best: boolean } {
  const { position, best, journal, info, files } = readCheckpointManifest(path.join(folder, manifestFile))
  if (path.basename(folder) !== checkpointName(position)) {
    throw new AppError('checkpoint.damaged', `${folder}: its manifest says that it is of position ${position}.`)
  }
  const statePath = path.join(folder, stateFile)
  const hash = createHash('sha256')
  const { tensors } = readSafetensors(statePath, { finite: true, onBytes: (bytes) => hash.update(bytes) })
  const found = hash.digest('hex')
  const { sha256 } = files[stateFile]
  if (found !== sha256) throw new AppError('checkpoint.damaged', `${statePath}: expected SHA-256 ${sha256}, found ${found}.`)
  return { position, best, journal, info, tensors }
}

/** Whether it was saved as the best so far; a damaged one is not. */
export function isBestCheckpoint(folder: string): boolean {
  try {
    return readCheckpointManifest(path.join(folder, manifestFile)).best
  } catch {
    return false // Loading is the place to say what is wrong with it.
  }
}

function refusePoison({ position, tensors, info }: CheckpointContent): void {
  const where = `Checkpoint ${checkpointName(position)}`
  for (const [name, tensor] of tensors) refuseNonFinite(name, tensor, where)
  const place = nonFinitePlace(info)
  if (place !== undefined) throw new AppError('training.not-finite', `${where}: expected finite numbers, found ${place} in its info.`)
}
