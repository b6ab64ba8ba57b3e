/**
 * The journal of one run for those who watch it: what stands in the file, and behind it what the engine has said but not yet written.
 * Both are known by their sequence numbers and checksums, so that a watcher gets every entry once: after a crash the journal is cut back
 * and the same lines come again, which is no news. Only where a line comes back with other content (a measurement made again) the
 * watchers are told from where on to forget.
 */
import type { JournalEntry } from '../../shared/events.js'
import { disk } from '../../storage/disk.js'
import { checksumOf, decodeLine, entryChecksum, jsonOfLines, sequenceOf } from '../../storage/journalLine.js'
import { scanJournal, type JournalDamage } from '../../storage/journalScan.js'
import { readRange } from '../../storage/readBytes.js'
import { kindOf, named } from '../../storage/storageError.js'

export interface JournalFeed {
  /** The entries from this sequence on that are there, as many as fit into one message. */
  take(fromSequence: number): JournalEntry[]
  /** The same as JSON, the entries parted by commas: what stands in the file need not be read and written again. */
  takeText(fromSequence: number): TakenText
  /** An entry that the engine has said; it will stand in the file some time. */
  add(entry: JournalEntry): void
  /** Looks for what is new in the file, at most `pieceBytes` of it; true where more is waiting. */
  poll(): boolean
  /** The engine has ended: what did not reach the file by now never will. */
  settle(): void
  lastSequence(): number
  /** The bad line at which the file cannot be read on. */
  damage(): JournalDamage | undefined
}

export interface TakenText {
  text: string
  count: number
}

export interface FeedListener {
  /** There may be more to take. */
  onMore(): void
  /** Entries after this sequence are others than before. */
  onCut(lastSequence: number): void
}

/** What one message holds at most: a page of such size is parsed in some tens of milliseconds. */
const mostEntries = 16_000
const mostBytes = 4 * 1024 * 1024
const pieceBytes = 4 * 1024 * 1024

export function journalFeed(path: string, listener: FeedListener): JournalFeed {
  /** Where each line of the file begins, as far as it was read; `fileBytes` is where the next one will. */
  const starts: number[] = []
  let fileBytes = 0
  /** Checksum of every entry seen, by sequence - 1. */
  const checksums: number[] = []
  /** What the engine said beyond the file, without gaps. */
  let spoken: JournalEntry[] = []
  let damage: JournalDamage | undefined

  /** Remembers an entry; true where it is not what stood there before. */
  function observe(sequence: number, checksum: number): void {
    const before = checksums[sequence - 1] as number | undefined
    if (before !== undefined && before !== checksum) {
      checksums.length = sequence - 1
      if (starts.length >= sequence) {
        fileBytes = starts[sequence - 1]
        starts.length = sequence - 1
      }
      spoken = spoken.filter((entry) => entry.sequence < sequence)
      listener.onCut(sequence - 1)
    }
    checksums[sequence - 1] = checksum
  }

  /** Steps back to the last line that still stands where it was read. */
  function stepBack(file: number): void {
    const size = disk.sizeBytes(file)
    while (starts.length > 0 && !stands(file, size)) fileBytes = starts.pop() ?? 0
  }

  function stands(file: number, size: number): boolean {
    if (fileBytes > size) return false
    const line = readRange(file, starts[starts.length - 1], fileBytes - starts[starts.length - 1])
    return line[line.length - 1] === 10 && sequenceOf(line) === starts.length && checksumOf(line) === checksums[starts.length - 1]
  }

  function readOn(file: number): boolean {
    stepBack(file)
    const begin = fileBytes
    let at = begin
    const scan = scanJournal(file, begin, starts.length, (line, sequence) => {
      observe(sequence, checksumOf(line))
      starts.push(at)
      at += line.length + 1
      return at - begin < pieceBytes
    })
    fileBytes = at
    damage = scan.damage?.torn === false ? scan.damage : undefined
    spoken = spoken.filter((entry) => entry.sequence > starts.length)
    if (at > begin) listener.onMore()
    return scan.damage === undefined && at < disk.sizeBytes(file)
  }

  function poll(): boolean {
    if (kindOf(path) === 'none') return false
    return withFile(path, readOn)
  }

  /** The lines of the file from this sequence on, as many as fit into one message; `bytes` are theirs, the last line feed left out. */
  function linesFrom(from: number): { lines: Uint8Array[]; bytes: Uint8Array } {
    const begin = starts[from - 1]
    let count = 0
    const endOf = (index: number): number => starts[index + 1] ?? fileBytes
    while (from - 1 + count < starts.length && count < mostEntries && (count === 0 || endOf(from - 1 + count) - begin <= mostBytes)) count++
    const bytes = withFile(path, (file) => readRange(file, begin, endOf(from + count - 2) - begin))
    const lines: Uint8Array[] = []
    for (let index = from - 1; index < from - 1 + count; index++) {
      const line = bytes.subarray(starts[index] - begin, endOf(index) - begin - 1)
      // Cut back in this very moment: the next look at the file finds that out.
      if (sequenceOf(line) !== index + 1 || checksumOf(line) !== checksums[index]) break
      lines.push(line)
    }
    const whole = lines.length === 0 ? 0 : endOf(from + lines.length - 2) - begin - 1
    return { lines, bytes: bytes.subarray(0, whole) }
  }

  function takeSpoken(from: number): JournalEntry[] {
    const first = spoken[0]?.sequence
    return first === undefined || from < first ? [] : spoken.slice(from - first, from - first + mostEntries)
  }

  return {
    take: (from) => (from <= starts.length ? linesFrom(from).lines.map(decodeLine) : takeSpoken(from)),
    takeText(from) {
      if (from > starts.length) {
        const entries = takeSpoken(from)
        return { text: JSON.stringify(entries).slice(1, -1), count: entries.length }
      }
      const { lines, bytes } = linesFrom(from)
      return { text: jsonOfLines(bytes), count: lines.length }
    },
    add(entry) {
      observe(entry.sequence, entryChecksum(entry))
      // The file seems to have it already: either it was quicker, or it was cut back since it was last read.
      if (entry.sequence <= starts.length) poll()
      if (entry.sequence <= starts.length) return
      const last = spoken[spoken.length - 1]
      if (last !== undefined && last.sequence + 1 !== entry.sequence) spoken = []
      spoken.push(entry)
      listener.onMore()
    },
    poll,
    settle() {
      while (poll());
      spoken = []
    },
    lastSequence: () => checksums.length,
    damage: () => damage
  }
}

function withFile<Result>(path: string, work: (file: number) => Result): Result {
  return named('reading', path, () => {
    const file = disk.open(path, 'r')
    try {
      return work(file)
    } finally {
      disk.close(file)
    }
  })
}
