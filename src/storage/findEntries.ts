/**
 * The few entries of some types in a long journal. The bytes are searched for the types' names, and only the lines that have one are
 * checked and parsed: a journal of 100 MB takes a tenth of a second.
 */
import type { JournalEntry } from '../shared/events.js'
import { disk } from './disk.js'
import { decodeLine, lineDamage, sequenceOf } from './journalLine.js'
import { readRange } from './readBytes.js'
import { kindOf, named } from './storageError.js'

const pieceBytes = 8 * 1024 * 1024
const mostLineBytes = 64 * 1024 * 1024

/** The whole entries of these types, in order; a damaged line is passed over. None where there is no journal. */
export function findEntries<Type extends JournalEntry['type']>(path: string, types: readonly Type[]): Extract<JournalEntry, { type: Type }>[] {
  if (kindOf(path) === 'none') return []
  const wanted = types.map((type) => Buffer.from(`,"type":"${type}"`))
  const found: JournalEntry[] = []
  eachPiece(path, (piece) => {
    const starts = wanted.flatMap((words) => linesWith(piece, words))
    for (const start of [...new Set(starts)].sort((a, b) => a - b)) {
      const line = piece.subarray(start, piece.indexOf(10, start))
      if (lineDamage(line, sequenceOf(line)) === undefined) found.push(decodeLine(line))
    }
  })
  // The words may also stand deep inside an event of another type.
  return found.filter((entry): entry is Extract<JournalEntry, { type: Type }> => types.some((type) => type === entry.type))
}

/** Hands over whole lines, many at a time. */
function eachPiece(path: string, visit: (piece: Buffer) => void): void {
  named('reading', path, () => {
    const file = disk.open(path, 'r')
    try {
      const end = disk.sizeBytes(file)
      let wanted = pieceBytes
      for (let at = 0; at < end;) {
        const bytes = readRange(file, at, Math.min(wanted, end - at))
        const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
        const whole = piece.lastIndexOf(10) + 1
        if (whole > 0) visit(piece.subarray(0, whole))
        if (whole === 0 && (bytes.length === end - at || wanted > mostLineBytes)) return
        wanted = whole === 0 ? wanted * 2 : pieceBytes
        at += whole
      }
    } finally {
      disk.close(file)
    }
  })
}

/** Where the lines begin that hold the words. */
function linesWith(piece: Buffer, words: Buffer): number[] {
  const starts: number[] = []
  for (let at = piece.indexOf(words); at >= 0; at = piece.indexOf(words, at)) {
    starts.push(piece.lastIndexOf(10, at) + 1)
    at = piece.indexOf(10, at)
    if (at < 0) break
  }
  return starts
}
