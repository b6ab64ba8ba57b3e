/** Reading a journal without touching it: host, charts, report, digest. */
import type { JournalEntry } from '../shared/events.js'
import { disk } from './disk.js'
import { decodeLine } from './journalLine.js'
import { scanJournal, type JournalDamage } from './journalScan.js'
import { named } from './storageError.js'

export interface JournalReading {
  entries: JournalEntry[]
  /** The first bad line, when there is one; a torn last line is normal while the run is being written. */
  damagedAt?: JournalDamage
}

/** The entries from `fromSequence` (default 1) up to the first bad line. Throws file.not-found. */
export function readJournal(path: string, options: { fromSequence?: number } = {}): JournalReading {
  const entries: JournalEntry[] = []
  const damage = visitJournal(path, options.fromSequence ?? 1, (entry) => entries.push(entry))
  return damage === undefined ? { entries } : { entries, damagedAt: damage }
}

/** As readJournal, one entry at a time, for journals that should not stand in memory whole. */
export function visitJournal(path: string, fromSequence: number, visit: (entry: JournalEntry) => void): JournalDamage | undefined {
  return named('reading', path, () => {
    const file = disk.open(path, 'r')
    try {
      return scanJournal(file, 0, 0, (line, sequence) => {
        if (sequence >= fromSequence) visit(decodeLine(line))
      }).damage
    } finally {
      disk.close(file)
    }
  })
}
