/** Walking over the lines of a journal file from its start, up to the first bad one. Reads in pieces: a journal may be hundreds of MB. */
import { disk } from './disk.js'
import { lineDamage } from './journalLine.js'
import { readRange } from './readBytes.js'

/** The first bad line of a journal. Everything before it is whole. */
export interface JournalDamage {
  /** Line number, from 1. */
  line: number
  /** Where the line starts: the journal is whole up to here. */
  atByte: number
  /** Bytes from there to the end of the file. */
  lostBytes: number
  reason: string
  /** Whether it is only the last line, broken off while it was written. */
  torn: boolean
}

export interface JournalScan {
  /** Length of the whole lines. */
  wholeBytes: number
  lastSequence: number
  damage?: JournalDamage
}

const pieceBytes = 4 * 1024 * 1024
const mostLineBytes = 64 * 1024 * 1024

/**
 * Checks the lines of an open file from `start`, where the line after `lastSequence` begins; hands each whole line to `visit`, which may
 * give `false` to stop after it.
 */
export function scanJournal(file: number, start = 0, lastSequence = 0, visit?: (line: Uint8Array, sequence: number) => unknown): JournalScan {
  const end = disk.sizeBytes(file)
  let wholeBytes = start
  let wanted = pieceBytes
  while (wholeBytes < end) {
    const piece = readRange(file, wholeBytes, Math.min(wanted, end - wholeBytes))
    if (piece.length === 0) break
    let at = 0
    for (let feed = piece.indexOf(10); feed >= 0; feed = piece.indexOf(10, at)) {
      const line = piece.subarray(at, feed)
      const reason = lineDamage(line, lastSequence + 1)
      if (reason !== undefined) return damaged(wholeBytes + at, feed + 1 === piece.length && wholeBytes + piece.length === end, reason)
      lastSequence++
      at = feed + 1
      if (visit?.(line, lastSequence) === false) return { wholeBytes: wholeBytes + at, lastSequence }
    }
    wholeBytes += at
    if (at > 0) wanted = pieceBytes
    else if (piece.length === end - wholeBytes || wanted > mostLineBytes) return damaged(wholeBytes, true, 'the line is not finished')
    else wanted *= 2
  }
  return { wholeBytes, lastSequence }

  function damaged(atByte: number, torn: boolean, reason: string): JournalScan {
    const damage = { line: lastSequence + 1, atByte, lostBytes: end - atByte, reason, torn }
    return { wholeBytes: atByte, lastSequence, damage }
  }
}
