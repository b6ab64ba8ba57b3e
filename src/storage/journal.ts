/**
 * The journal of a run: what happened, one event a line, only ever appended. The worker that runs the run is its one writer.
 * Appends are gathered and written in pieces; only `sync` promises that they survive. On resume the journal is cut back to where the
 * checkpoint was taken, and the redone steps write the same lines again.
 */
import path from 'node:path'
import { AppError } from '../shared/errors.js'
import type { JournalEntry, RunEvent } from '../shared/events.js'
import { writeAll, writeFileAtomic } from './atomicFile.js'
import { disk } from './disk.js'
import { faultPoint } from './fault.js'
import { encodeLine, lineDamage, sequenceOf } from './journalLine.js'
import { scanJournal, type JournalDamage } from './journalScan.js'
import { nonFinitePlace } from './nonFinitePlace.js'
import { readRange } from './readBytes.js'
import { named } from './storageError.js'

/** Where a journal stands; a checkpoint holds it, so that a resume can cut the journal back to it. */
export interface JournalMark {
  sizeBytes: number
  sequence: number
}

const gatherBytes = 64 * 1024

export class Journal {
  private pending: Uint8Array[] = []
  private pendingBytes = 0

  private constructor(
    readonly path: string,
    private readonly file: number,
    private writtenBytes: number,
    private sequence: number,
    /** What was wrong with the file when it was opened, and was cut off. */
    readonly damage: JournalDamage | undefined
  ) {}

  /**
   * Opens or creates the journal as its one writer. A bad line and all after it are cut off and reported in `damage`; where that is more
   * than a torn last line, what is cut off is kept beside as `journal.ndjson.cut-BYTE`.
   */
  static open(journalPath: string): Journal {
    return named('writing', journalPath, () => {
      const exists = disk.kind(journalPath) === 'file'
      const file = disk.open(journalPath, exists ? 'r+' : 'wx+')
      try {
        if (!exists) disk.syncFolder(path.dirname(journalPath))
        const { wholeBytes, lastSequence, damage } = scanJournal(file)
        if (damage !== undefined) {
          if (!damage.torn) keepCutOff(journalPath, file, damage)
          truncateSynced(file, wholeBytes)
        }
        return new Journal(journalPath, file, wholeBytes, lastSequence, damage)
      } catch (error) {
        disk.close(file)
        throw error
      }
    })
  }

  /** Bytes of all entries, those not yet written included: the place to cut back to. */
  get length(): number {
    return this.writtenBytes + this.pendingBytes
  }

  /** Sequence number of the last entry; 0 when there is none. */
  get lastSequence(): number {
    return this.sequence
  }

  /** Adds an event and gives it the next sequence number. Throws training.not-finite for a number that JSON cannot hold. */
  append(event: RunEvent): JournalEntry {
    const place = nonFinitePlace(event)
    if (place !== undefined) throw new AppError('training.not-finite', `Event ${event.type}: expected finite numbers, found ${place}.`)
    const entry = { ...event, sequence: this.sequence + 1 }
    const line = encodeLine(entry)
    this.pending.push(line)
    this.pendingBytes += line.length
    this.sequence++
    if (this.pendingBytes >= gatherBytes) this.flush()
    return entry
  }

  /** Hands gathered entries to the system, so that other processes can read them. After a failure they stay gathered. */
  flush(): void {
    if (this.pendingBytes === 0) return
    const bytes = Buffer.concat(this.pending)
    const half = bytes.length >> 1
    named('writing', this.path, () => {
      writeAll(this.file, bytes.subarray(0, half), this.writtenBytes)
      faultPoint('journal.midLine')
      writeAll(this.file, bytes.subarray(half), this.writtenBytes + half)
    })
    this.writtenBytes += bytes.length
    this.pending = []
    this.pendingBytes = 0
  }

  /** Returns when every entry so far survives a power cut. */
  sync(): void {
    this.flush()
    named('writing', this.path, () => disk.sync(this.file))
    faultPoint('journal.afterSync')
  }

  /** Syncs and says where the journal ends. */
  mark(): JournalMark {
    this.sync()
    return { sizeBytes: this.length, sequence: this.sequence }
  }

  /**
   * Cuts the journal back to a mark (or to its first so many bytes), durably. Throws journal.damaged unless a whole line ends there, and
   * unless it has the mark's sequence number.
   */
  cutTo(mark: JournalMark | number): void {
    this.flush()
    const bytes = typeof mark === 'number' ? mark : mark.sizeBytes
    const sequence = named('reading', this.path, () => this.sequenceBefore(bytes))
    if (typeof mark !== 'number' && sequence !== mark.sequence) {
      throw new AppError('journal.damaged', `${this.path}: expected event ${mark.sequence} to end at byte ${bytes}, found ${sequence}.`)
    }
    named('writing', this.path, () => truncateSynced(this.file, bytes))
    this.writtenBytes = bytes
    this.sequence = sequence
    faultPoint('journal.afterCut')
  }

  /** Writes what is gathered and closes the file; does not sync. */
  close(): void {
    try {
      this.flush()
    } finally {
      disk.close(this.file)
    }
  }

  /** The sequence number of the line that ends at `end`. */
  private sequenceBefore(end: number): number {
    if (end === 0) return 0
    const damaged = new AppError('journal.damaged', `${this.path}: expected a line to end at byte ${end} of ${this.length}, found none.`)
    if (end > this.length) throw damaged
    for (let wanted = 4096; ; wanted *= 4) {
      const start = Math.max(0, end - wanted)
      const tail = readRange(this.file, start, end - start)
      const feed = tail.lastIndexOf(10, tail.length - 2)
      if (feed < 0 && start > 0) continue
      const line = tail.subarray(feed + 1, tail.length - 1)
      const sequence = sequenceOf(line)
      if (tail[tail.length - 1] !== 10 || lineDamage(line, sequence) !== undefined) throw damaged
      return sequence
    }
  }
}

function keepCutOff(journalPath: string, file: number, damage: JournalDamage): void {
  const beside = `${journalPath}.cut-${damage.atByte}`
  writeFileAtomic(beside, readRange(file, damage.atByte, damage.lostBytes))
}

function truncateSynced(file: number, bytes: number): void {
  disk.truncate(file, bytes)
  disk.sync(file)
}
