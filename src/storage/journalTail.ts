/**
 * Following a journal while another process writes it. Each read costs what is new. When the writer cut the journal back (a resume), the
 * tail starts from the beginning again and says so.
 */
import type { JournalEntry } from '../shared/events.js'
import { disk } from './disk.js'
import { decodeLine } from './journalLine.js'
import { scanJournal, type JournalDamage } from './journalScan.js'
import { readRange } from './readBytes.js'
import { kindOf, named } from './storageError.js'

export interface JournalNews {
  entries: JournalEntry[]
  /** True when the journal was cut back since the last read: forget what was read, `entries` begin at sequence 1. */
  restarted: boolean
  /** A bad line that is not merely unfinished. */
  damagedAt?: JournalDamage
}

export class JournalTail {
  private bytes = 0
  private sequence = 0
  /** The last line that was read, with its line feed: it is still in its place unless the journal was cut back. */
  private lastLine: Uint8Array = new Uint8Array(0)

  constructor(readonly path: string) {}

  /** Bytes read so far. */
  get offset(): number {
    return this.bytes
  }

  /** The whole lines that came since the last read. A journal that does not exist yet has none. */
  read(): JournalNews {
    if (kindOf(this.path) === 'none' && this.bytes === 0) return { entries: [], restarted: false }
    return named('reading', this.path, () => {
      const file = disk.open(this.path, 'r')
      try {
        return this.readFrom(file)
      } finally {
        disk.close(file)
      }
    })
  }

  private readFrom(file: number): JournalNews {
    const restarted = !this.lastLineStands(file)
    if (restarted) {
      this.bytes = 0
      this.sequence = 0
      this.lastLine = new Uint8Array(0)
    }
    const entries: JournalEntry[] = []
    let last: Uint8Array | undefined
    const scan = scanJournal(file, this.bytes, this.sequence, (line) => {
      entries.push(decodeLine(line))
      last = line
    })
    if (last !== undefined) this.lastLine = Uint8Array.from([...last, 10])
    this.bytes = scan.wholeBytes
    this.sequence = scan.lastSequence
    return scan.damage === undefined || scan.damage.torn ? { entries, restarted } : { entries, restarted, damagedAt: scan.damage }
  }

  private lastLineStands(file: number): boolean {
    const length = this.lastLine.length
    return Buffer.compare(readRange(file, this.bytes - length, length), this.lastLine) === 0
  }
}
