import fs from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { crc32, plainCrc32 } from '../../../src/storage/crc32.js'
import { setFaultHandler } from '../../../src/storage/fault.js'
import { Journal } from '../../../src/storage/journal.js'
import { JournalTail } from '../../../src/storage/journalTail.js'
import { readJournal } from '../../../src/storage/readJournal.js'
import type { RunEvent } from '../../../src/shared/events.js'
import { caught } from './caught.js'
import { temporaryFolder } from './temporaryFolder.js'

const at = temporaryFolder()
const file = (): string => at('journal.ndjson')
afterEach(() => setFaultHandler(undefined))

const note = (text: string): RunEvent => ({ type: 'note', text })
const step = (number: number): RunEvent => ({ type: 'step', stage: 'search', step: number, loss: 1 / (number + 1), learningRate: 0.01 })

/** Writes a journal of notes; returns where each line ends, from 0. */
function write(...texts: string[]): number[] {
  const journal = Journal.open(file())
  const ends = [0]
  for (const text of texts) {
    journal.append(note(text))
    ends.push(journal.length)
  }
  journal.close()
  return ends
}

const texts = (): string[] => readJournal(file()).entries.map((entry) => (entry.type === 'note' ? entry.text : entry.type))

test('CRC-32 of the standard check text; the plain one equals the native one', () => {
  expect(plainCrc32(Buffer.from('123456789'))).toBe(0xcbf43926)
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926)
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => (index * 7919) & 255)
  expect(plainCrc32(bytes)).toBe(crc32(bytes))
})

test('a line is a checksum and JSON with the sequence number first', () => {
  write('街 "quoted"\n')
  const text = '{"sequence":1,"type":"note","text":"街 \\"quoted\\"\\n"}'
  expect(fs.readFileSync(file(), 'utf8')).toBe(`${crc32(Buffer.from(text)).toString(16).padStart(8, '0')} ${text}\n`)
})

test('events get sequence numbers from 1 without gaps, over several openings', () => {
  const journal = Journal.open(file())
  expect(journal.append(step(0))).toEqual({ ...step(0), sequence: 1 })
  journal.append(step(1))
  expect(journal.lastSequence).toBe(2)
  journal.close()
  const again = Journal.open(file())
  expect([again.lastSequence, again.length, again.damage]).toEqual([2, fs.statSync(file()).size, undefined])
  again.append(step(2))
  again.close()
  expect(readJournal(file())).toEqual({ entries: [0, 1, 2].map((number) => ({ ...step(number), sequence: number + 1 })) })
  expect(readJournal(file(), { fromSequence: 3 }).entries.map((entry) => entry.sequence)).toEqual([3])
})

test('length counts gathered entries before they are written; sync and mark write them', () => {
  const journal = Journal.open(file())
  journal.append(note('a'))
  expect(fs.statSync(file()).size).toBe(0)
  const length = journal.length
  expect(journal.mark()).toEqual({ sizeBytes: length, sequence: 1 })
  expect(fs.statSync(file()).size).toBe(length)
  journal.close()
})

test('many events are written without being asked', () => {
  const journal = Journal.open(file())
  for (let number = 0; number < 1000; number++) journal.append(step(number))
  expect(fs.statSync(file()).size).toBeGreaterThan(60_000)
  journal.close()
})

test('a number that JSON cannot hold is refused and nothing is written', () => {
  const journal = Journal.open(file())
  const error = caught(() => journal.append({ type: 'step', stage: 'search', step: 1, loss: NaN, learningRate: 0.1 }))
  expect([error.code, error.message]).toEqual(['training.not-finite', 'Event step: expected finite numbers, found loss: NaN.'])
  expect([journal.lastSequence, journal.length]).toEqual([0, 0])
  journal.close()
})

test('100,000 events: opened, found whole, appended to', () => {
  const journal = Journal.open(file())
  for (let number = 0; number < 100_000; number++) journal.append(step(number))
  journal.close()
  const started = performance.now()
  const again = Journal.open(file())
  console.log(`opening a journal of 100,000 events (${fs.statSync(file()).size} bytes): ${Math.round(performance.now() - started)} ms`)
  expect(again.lastSequence).toBe(100_000)
  expect(again.append(step(100_000)).sequence).toBe(100_001)
  again.close()
  expect(readJournal(file(), { fromSequence: 100_001 }).entries).toHaveLength(1)
})

test('an event larger than a reading piece', () => {
  const long = 'x'.repeat(5_000_000)
  write('a', long, 'b')
  expect(texts()).toEqual(['a', long, 'b'])
  const journal = Journal.open(file())
  expect(journal.lastSequence).toBe(3)
  journal.close()
})

describe('damage', () => {
  test('cut at every byte of the last three lines: the whole lines stay, the next append is clean', () => {
    const ends = write('one', 'two', '三', 'four')
    const whole = fs.readFileSync(file())
    for (let length = ends[1]; length < whole.length; length++) {
      fs.writeFileSync(file(), whole.subarray(0, length))
      const kept = ends.filter((end) => end <= length).length - 1
      const torn = length > ends[kept]

      const reading = readJournal(file())
      expect(reading.entries.map((entry) => entry.sequence)).toEqual(Array.from({ length: kept }, (_, index) => index + 1))
      if (torn) expect(reading.damagedAt).toMatchObject({ line: kept + 1, atByte: ends[kept], lostBytes: length - ends[kept], torn: true })
      else expect(reading.damagedAt).toBeUndefined()

      const journal = Journal.open(file())
      expect([journal.length, journal.lastSequence, journal.damage]).toEqual([ends[kept], kept, reading.damagedAt])
      journal.append(note('next'))
      journal.close()
      expect(texts()).toEqual([...['one', 'two', '三', 'four'].slice(0, kept), 'next'])
      expect(readJournal(file()).damagedAt).toBeUndefined()
    }
    expect(fs.readdirSync(at())).toEqual(['journal.ndjson'])
  })

  test('every single flipped bit is found', () => {
    const ends = write('one', 'two')
    const whole = fs.readFileSync(file())
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const bytes = Uint8Array.from(whole)
      bytes[bit >> 3] ^= 1 << (bit & 7)
      fs.writeFileSync(file(), bytes)
      const line = bit >> 3 < ends[1] ? 1 : 2
      expect(readJournal(file()).damagedAt).toMatchObject({ line, atByte: ends[line - 1] })
    }
  })

  test('a bad line in the middle: the rest is cut off, told, and kept beside', () => {
    const ends = write('one', 'two', 'three')
    const bytes = fs.readFileSync(file())
    bytes[ends[1] + 30] ^= 1
    fs.writeFileSync(file(), bytes)
    const journal = Journal.open(file())
    expect(journal.damage).toEqual({
      line: 2,
      atByte: ends[1],
      lostBytes: ends[3] - ends[1],
      reason: 'the checksum does not match',
      torn: false
    })
    journal.close()
    expect(texts()).toEqual(['one'])
    expect(Buffer.compare(fs.readFileSync(at(`journal.ndjson.cut-${ends[1]}`)), bytes.subarray(ends[1]))).toBe(0)
  })

  test.each([
    ['a line twice', ([a, b]: string[]) => a + b + b, 'expected sequence number 3, found 2'],
    ['a line missing', ([a, , c]: string[]) => a + c, 'expected sequence number 2, found 3'],
    ['an empty line', ([a, b]: string[]) => `${a}\n${b}`, 'expected a checksum and an event'],
    ['text', ([a]: string[]) => `${a}hello, this is no line of a journal\nmore\n`, 'expected a checksum and an event'],
    ['a checksum in capitals', ([a, b]: string[]) => a + b.slice(0, 8).toUpperCase() + b.slice(8), 'the checksum does not match']
  ])('%s', (_, change, reason) => {
    write('one', 'two', 'three')
    const lines = fs.readFileSync(file(), 'utf8').split(/(?<=\n)/)
    // The checksum of line 2 must have a letter for the last case; it has.
    expect(lines[1].slice(0, 8)).toMatch(/[a-f]/)
    fs.writeFileSync(file(), change(lines))
    expect(readJournal(file()).damagedAt?.reason).toBe(reason)
  })

  test('a binary file', () => {
    fs.writeFileSync(
      file(),
      Uint8Array.from({ length: 100_000 }, (_, index) => (index * 31) & 255)
    )
    expect(readJournal(file()).entries).toEqual([])
    expect(readJournal(file()).damagedAt?.line).toBe(1)
  })
})

describe('cutting back', () => {
  test('to a mark, then the same lines again give the same bytes', () => {
    const journal = Journal.open(file())
    for (let number = 0; number < 5; number++) journal.append(step(number))
    const mark = journal.mark()
    for (let number = 5; number < 9; number++) journal.append(step(number))
    journal.sync()
    const whole = fs.readFileSync(file())
    journal.append(note('something else'))
    journal.cutTo(mark)
    expect([journal.length, journal.lastSequence, fs.statSync(file()).size]).toEqual([mark.sizeBytes, 5, mark.sizeBytes])
    for (let number = 5; number < 9; number++) journal.append(step(number))
    journal.close()
    expect(Buffer.compare(fs.readFileSync(file()), whole)).toBe(0)
  })

  test('to nothing, and to behind a long line', () => {
    const journal = Journal.open(file())
    journal.append(note('y'.repeat(100_000)))
    journal.append(note('a'))
    const { sizeBytes } = journal.mark()
    journal.append(note('b'))
    journal.cutTo(sizeBytes)
    expect(journal.lastSequence).toBe(2)
    journal.cutTo({ sizeBytes: sizeBytes - 49, sequence: 1 })
    expect(journal.lastSequence).toBe(1)
    journal.cutTo(0)
    expect([journal.length, journal.lastSequence]).toEqual([0, 0])
    expect(journal.append(note('first')).sequence).toBe(1)
    journal.close()
    expect(texts()).toEqual(['first'])
  })

  test('not where no line ends, not beyond the end, not to another number', () => {
    const ends = write('one', 'two')
    const journal = Journal.open(file())
    for (const mark of [ends[1] + 1, ends[1] - 1, ends[2] + 1, { sizeBytes: ends[1], sequence: 2 }, { sizeBytes: 0, sequence: 1 }]) {
      expect(caught(() => journal.cutTo(mark)).code).toBe('journal.damaged')
    }
    expect(journal.lastSequence).toBe(2)
    journal.close()
    expect(texts()).toEqual(['one', 'two'])
  })
})

describe('failures while writing', () => {
  test.each([
    ['ENOSPC', 'disk.full'],
    ['EIO', 'file.write']
  ] as const)('%s in the middle of a line: named, and nothing is lost or doubled', (action, code) => {
    const journal = Journal.open(file())
    journal.append(note('one'))
    journal.sync()
    journal.append(note('two'))
    setFaultHandler((point) => (point === 'journal.midLine' ? action : undefined))
    const error = caught(() => journal.sync())
    expect(error.code).toBe(code)
    expect(error.message).toContain(file())
    setFaultHandler(undefined)
    journal.append(note('three'))
    journal.close()
    expect(texts()).toEqual(['one', 'two', 'three'])
  })

  test('short writes are continued', () => {
    setFaultHandler((point) => (point === 'disk.write' ? 'short' : undefined))
    write('one', 'two', 'three')
    expect(texts()).toEqual(['one', 'two', 'three'])
  })

  test('a journal that is a folder, or cannot be found', () => {
    fs.mkdirSync(file())
    expect(caught(() => Journal.open(file())).code).toBe('file.write')
    expect(caught(() => readJournal(at('none'))).code).toBe('file.not-found')
  })
})

describe('following', () => {
  const news = (tail: JournalTail): { texts: string[]; restarted: boolean } => {
    const { entries, restarted } = tail.read()
    return { texts: entries.map((entry) => (entry.type === 'note' ? entry.text : '')), restarted }
  }

  test('only what is new, and never half a line', () => {
    const tail = new JournalTail(file())
    expect(news(tail)).toEqual({ texts: [], restarted: false })
    write('one', 'two')
    expect(news(tail)).toEqual({ texts: ['one', 'two'], restarted: false })
    expect(news(tail)).toEqual({ texts: [], restarted: false })
    write('three')
    const whole = fs.readFileSync(file())
    fs.writeFileSync(file(), whole.subarray(0, whole.length - 5))
    expect(news(tail)).toEqual({ texts: [], restarted: false })
    fs.writeFileSync(file(), whole)
    expect(news(tail)).toEqual({ texts: ['three'], restarted: false })
    expect(tail.offset).toBe(whole.length)
  })

  test('a journal that was cut back starts again, also when it has grown past the old place', () => {
    const ends = write('one', 'two', 'three')
    const tail = new JournalTail(file())
    tail.read()
    const journal = Journal.open(file())
    journal.cutTo(ends[1])
    expect(news(tail)).toEqual({ texts: ['one'], restarted: true })
    journal.append(note('TWO'))
    journal.flush()
    expect(news(tail)).toEqual({ texts: ['TWO'], restarted: false })
    journal.cutTo(0)
    for (const text of ['a', 'b', 'c', 'd', 'e']) journal.append(note(text))
    journal.close()
    expect(news(tail)).toEqual({ texts: ['a', 'b', 'c', 'd', 'e'], restarted: true })
  })

  test('redone lines that are the same need no restart', () => {
    const ends = write('one', 'two')
    const tail = new JournalTail(file())
    tail.read()
    const journal = Journal.open(file())
    journal.cutTo(ends[1])
    for (const text of ['two', 'three']) journal.append(note(text))
    journal.close()
    expect(news(tail)).toEqual({ texts: ['three'], restarted: false })
  })

  test('a bad line is told', () => {
    write('one', 'two', 'three')
    const bytes = fs.readFileSync(file())
    bytes[70] ^= 1
    fs.writeFileSync(file(), bytes)
    expect(new JournalTail(file()).read()).toMatchObject({ entries: [{ text: 'one' }], damagedAt: { line: 2, torn: false } })
  })
})
