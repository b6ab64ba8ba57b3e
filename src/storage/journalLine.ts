/**
 * One line of the journal: `CHECKSUM {"sequence":N,...}` and a line feed. The checksum is the CRC-32 of the JSON's bytes as eight hex
 * digits. The sequence number stands first, so that order can be checked without parsing the JSON.
 */
import type { JournalEntry } from '../shared/events.js'
import { crc32 } from './crc32.js'

const jsonStart = 9
const digitsStart = jsonStart + '{"sequence":'.length

/** The bytes of a line, line feed included. */
export function encodeLine(entry: JournalEntry): Uint8Array {
  const { sequence, ...event } = entry
  const json = Buffer.from(JSON.stringify({ sequence, ...event }))
  const checksum = crc32(json).toString(16).padStart(8, '0')
  return Buffer.concat([Buffer.from(`${checksum} `), json, Buffer.from('\n')])
}

/** Why the line (without its line feed) cannot be the one numbered `sequence`; undefined when it is whole. */
export function lineDamage(line: Uint8Array, sequence: number): string | undefined {
  if (line.length < digitsStart + 2 || line[8] !== 0x20) return 'expected a checksum and an event'
  const json = line.subarray(jsonStart)
  if (checksumOf(line) !== crc32(json)) return 'the checksum does not match'
  const found = sequenceOf(line)
  return found === sequence ? undefined : `expected sequence number ${sequence}, found ${found}`
}

/** The sequence number of a whole line; NaN when there is none. */
export function sequenceOf(line: Uint8Array): number {
  let value = 0
  let at = digitsStart
  for (; at < line.length && line[at] >= 0x30 && line[at] <= 0x39; at++) value = value * 10 + line[at] - 0x30
  return at === digitsStart ? NaN : value
}

/** The event of a line that `lineDamage` found whole. */
export function decodeLine(line: Uint8Array): JournalEntry {
  return JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8', jsonStart)) as JournalEntry
}

/** The JSON of many whole lines at once, parted by commas. JSON holds no line feed, so what follows one is the next line's checksum. */
export function jsonOfLines(lines: Uint8Array): string {
  const text = Buffer.from(lines.buffer, lines.byteOffset, lines.length).toString('utf8', Math.min(jsonStart, lines.length))
  return text.replace(/\n[0-9a-f]{8} /g, ',')
}

/** The checksum of the line that this entry has in the journal. */
export function entryChecksum(entry: JournalEntry): number {
  return checksumOf(encodeLine(entry))
}

/** The checksum that stands before a line; -1 where none does. */
export function checksumOf(line: Uint8Array): number {
  let value = 0
  for (let at = 0; at < 8; at++) {
    const digit = hexDigit(line[at])
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x61 + 10 : -1
}
