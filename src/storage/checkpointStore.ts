/**
 * The checkpoints of a run: `checkpoints/<position>/{state.safetensors, manifest.json}`, and `LATEST` in the run folder with the newest
 * one's name for people. A checkpoint is written into a folder that nobody sees, synced, and renamed into place; so it is whole or not
 * there. Loading trusts no name: it takes the newest one whose hashes are right, and says which were damaged.
 */
import path from 'node:path'
import { AppError } from '../shared/errors.js'
import { makeFolders, removeTree, strayPrefix, sweepStrays, writeFileAtomic } from './atomicFile.js'
import { checkpointName, isBestCheckpoint, readCheckpoint, writeCheckpoint, type CheckpointContent } from './checkpointFolder.js'
import { disk } from './disk.js'
import { requireSpace } from './diskSpace.js'
import { faultPoint } from './fault.js'
import { readBytes } from './readBytes.js'
import { named } from './storageError.js'

export interface Checkpoint extends CheckpointContent {
  best: boolean
  report: CheckpointReport
}

/** Which checkpoint was used, and what was wrong with newer ones. */
export interface CheckpointReport {
  used: string
  damaged: DamagedCheckpoint[]
  /** Steps that are done again because newer checkpoints were damaged. */
  lostSteps: number
}

export interface DamagedCheckpoint {
  name: string
  position: number
  reason: string
}

const asidePrefix = '.old-'
const gonePrefix = `${strayPrefix}gone-`
const damagedSuffix = '.damaged'
const kept = 3

export class CheckpointStore {
  private constructor(
    private readonly runFolder: string,
    private readonly folder: string,
    /** What an interrupted writer had left behind and was removed. */
    readonly swept: string[]
  ) {}

  /** Opens a run's checkpoints as their one writer: makes the folder, tidies what a crash left. */
  static open(runFolder: string): CheckpointStore {
    const folder = path.join(runFolder, 'checkpoints')
    return named('writing', folder, () => {
      makeFolders(folder)
      const swept = [...sweepStrays(folder), ...sweepStrays(runFolder)]
      for (const name of disk.list(folder).filter((entry) => entry.startsWith(asidePrefix))) restoreAside(folder, name)
      return new CheckpointStore(runFolder, folder, swept)
    })
  }

  /** Opens them for reading beside a writer; changes nothing on disk. */
  static openForReading(runFolder: string): CheckpointStore {
    return new CheckpointStore(runFolder, path.join(runFolder, 'checkpoints'), [])
  }

  /** Names of the checkpoints, oldest first. */
  list(): string[] {
    return named('reading', this.folder, () =>
      disk.kind(this.folder) === 'folder' ? disk.list(this.folder).filter((name) => /^\d+$/.test(name)) : []
    )
  }

  /**
   * Writes a checkpoint; when it returns, the checkpoint survives a power cut. Keeps the last three and the newest one saved as best.
   * Throws training.not-finite (nothing is written), disk.full, file.write (the older checkpoints are untouched).
   */
  save(content: CheckpointContent, options: { best?: boolean } = {}): void {
    const name = checkpointName(content.position)
    const beside = path.join(this.folder, strayPrefix + name)
    named('writing', path.join(this.folder, name), () => {
      try {
        removeTree(beside)
        writeCheckpoint(beside, content, options.best === true)
        faultPoint('checkpoint.afterTemp')
        this.putInPlace(beside, name)
      } catch (error) {
        removeQuietly(beside)
        throw error
      }
    })
    faultPoint('checkpoint.afterRename')
    writeFileAtomic(this.latestPath, `${name}\n`)
    faultPoint('checkpoint.afterLatest')
    this.prune()
  }

  /**
   * The newest checkpoint that is complete and whole; undefined when the run has none yet. Older ones are tried when newer ones are
   * damaged, and the report says so. `journalBytes` is the length of the journal's whole lines: a checkpoint that needs more is unusable.
   * Throws checkpoint.none when there are checkpoints and all are damaged; file.version when the newest is of another version.
   */
  loadLatest(journalBytes = Infinity): Checkpoint | undefined {
    const names = this.list().reverse()
    const damaged = this.vanished(names)
    for (const name of names) {
      try {
        const content = this.load(name, journalBytes)
        const newest = damaged.reduce((most, one) => Math.max(most, one.position), content.position)
        return { ...content, report: { used: name, damaged, lostSteps: newest - content.position } }
      } catch (error) {
        if (!(error instanceof AppError) || error.code === 'file.version' || error.code === 'memory.exhausted') throw error
        damaged.push({ name, position: Number(name), reason: error.message })
      }
    }
    if (damaged.length === 0) return undefined
    const reasons = damaged.map(({ name, reason }) => `${name}: ${reason}`).join(' ')
    throw new AppError('checkpoint.none', `${this.folder}: all ${damaged.length} checkpoints are damaged. ${reasons}`)
  }

  /** Reads one checkpoint and checks it against its manifest. Throws checkpoint.damaged, file.format and other AppErrors. */
  load(name: string, journalBytes = Infinity): CheckpointContent & { best: boolean } {
    const content = readCheckpoint(path.join(this.folder, name))
    if (content.journal.sizeBytes > journalBytes) {
      const found = `the journal has ${journalBytes} whole bytes`
      throw new AppError('checkpoint.damaged', `Checkpoint ${name} needs ${content.journal.sizeBytes} bytes of journal, ${found}.`)
    }
    return content
  }

  /**
   * Moves damaged checkpoints out of the way, so that they neither count as kept nor are tried again; they are removed once the run has
   * come past them. LATEST then names the one that is used.
   */
  setAside({ used, damaged }: CheckpointReport): void {
    if (damaged.length === 0) return
    for (const { name } of damaged) {
      const from = path.join(this.folder, name)
      named('writing', from, () => {
        if (disk.kind(from) === 'none') return
        removeTree(from + damagedSuffix)
        disk.rename(from, from + damagedSuffix)
        disk.syncFolder(this.folder)
      })
    }
    writeFileAtomic(this.latestPath, `${used}\n`)
  }

  /** Throws disk.full unless three checkpoints of this size have room: the new one beside those that are kept. */
  requireSpace(checkpointBytes: number): void {
    requireSpace(this.runFolder, 3 * checkpointBytes)
  }

  private get latestPath(): string {
    return path.join(this.runFolder, 'LATEST')
  }

  /** A checkpoint of the same position (a step done again) is moved aside first: a folder cannot be replaced in one go. */
  private putInPlace(beside: string, name: string): void {
    const target = path.join(this.folder, name)
    const aside = path.join(this.folder, asidePrefix + name)
    const again = disk.kind(target) !== 'none'
    if (again) {
      removeTree(aside)
      disk.rename(target, aside)
      disk.syncFolder(this.folder)
      faultPoint('checkpoint.afterAside')
    }
    disk.rename(beside, target)
    disk.syncFolder(this.folder)
    if (again) removeTree(aside)
  }

  private prune(): void {
    named('removing', this.folder, () => {
      const names = this.list()
      const best = names.filter((name) => isBestCheckpoint(path.join(this.folder, name))).pop()
      const newest = names.slice(-kept)
      const overtaken = disk.list(this.folder).filter((name) => name.endsWith(damagedSuffix) && parseInt(name, 10) <= Number(newest[0]))
      for (const name of [...names.filter((one) => !newest.includes(one) && one !== best), ...overtaken]) {
        const gone = path.join(this.folder, gonePrefix + name)
        disk.rename(path.join(this.folder, name), gone)
        faultPoint('checkpoint.midPrune')
        removeTree(gone)
      }
    })
    faultPoint('checkpoint.afterPrune')
  }

  /**
   * LATEST is only for people, but it tells when checkpoints vanished: it names one that is not there, and there is none that is newer.
   * A run that lost all of its checkpoints must not look like one that has none yet.
   */
  private vanished(names: string[]): DamagedCheckpoint[] {
    const latest = this.readLatest()
    if (latest === undefined || names.some((name) => name >= latest)) return []
    return [{ name: latest, position: Number(latest), reason: `LATEST names ${JSON.stringify(latest)}, which is not there.` }]
  }

  /** The name in LATEST; empty when it holds none, undefined when there is no such file. */
  private readLatest(): string | undefined {
    return named('reading', this.latestPath, () => {
      if (disk.kind(this.latestPath) === 'none') return undefined
      const text = Buffer.from(readBytes(this.latestPath, 1024)).toString('latin1').trim()
      return /^\d{12}$/.test(text) ? text : ''
    })
  }
}

/** After a crash between moving the old one aside and putting the new one in place, the old one comes back. */
function restoreAside(folder: string, aside: string): void {
  const original = path.join(folder, aside.slice(asidePrefix.length))
  if (disk.kind(original) === 'none') {
    disk.rename(path.join(folder, aside), original)
    disk.syncFolder(folder)
  } else {
    removeTree(path.join(folder, aside))
  }
}

/** Cleaning up after a failure must not hide the failure. */
function removeQuietly(target: string): void {
  try {
    removeTree(target)
  } catch {
    // The next writer's sweep removes it.
  }
}
