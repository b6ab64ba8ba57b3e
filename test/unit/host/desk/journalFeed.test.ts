/** The journal of a run for its watchers: every entry once, whatever happens to the file. */
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { journalFeed, type JournalFeed } from '../../../../src/host/desk/journalFeed.js'
import type { JournalEntry, RunEvent } from '../../../../src/shared/events.js'
import { Journal } from '../../../../src/storage/journal.js'
import { temporaryFolder } from './testDesk.js'

const step = (number: number, loss = number): RunEvent => ({ type: 'step', stage: 'search', step: number, loss, learningRate: 0.1 })

function opened(): { path: string; journal: Journal; feed: JournalFeed; cuts: number[] } {
  const path = join(temporaryFolder(), 'journal.ndjson')
  const cuts: number[] = []
  return { path, journal: Journal.open(path), cuts, feed: journalFeed(path, { onMore: () => undefined, onCut: (last) => cuts.push(last) }) }
}

/** Takes until there is nothing more, from this sequence on. */
function takeAll(feed: JournalFeed, from = 1): JournalEntry[] {
  const all: JournalEntry[] = []
  for (let more = feed.take(from); more.length > 0; more = feed.take(from + all.length)) {
    const { text, count } = feed.takeText(from + all.length)
    expect([count, JSON.parse(`[${text}]`)]).toEqual([more.length, more])
    all.push(...more)
  }
  return all
}

const sequences = (entries: JournalEntry[]): number[] => entries.map(({ sequence }) => sequence)
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)

describe('a journal that is followed', () => {
  it('is empty where there is no file yet', () => {
    const feed = journalFeed(join(temporaryFolder(), 'none.ndjson'), { onMore: () => undefined, onCut: () => undefined })
    expect(feed.poll()).toBe(false)
    expect(feed.take(1)).toEqual([])
  })

  it('is read from any sequence on, and what is spoken but not written follows without a gap', () => {
    const { journal, feed, cuts } = opened()
    for (let number = 1; number <= 40; number++) journal.append(step(number))
    journal.flush()
    feed.poll()
    for (let number = 41; number <= 50; number++) feed.add(journal.append(step(number)))
    expect(sequences(takeAll(feed))).toEqual(upTo(50))
    expect(sequences(takeAll(feed, 37))).toEqual([37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50])
    expect(feed.take(51)).toEqual([])
    journal.flush()
    feed.poll()
    expect(sequences(takeAll(feed, 45))).toEqual([45, 46, 47, 48, 49, 50])
    expect(cuts).toEqual([])
  })

  it('waits for a line that is being written', () => {
    const { path, journal, feed } = opened()
    journal.append(step(1))
    journal.append(step(2))
    journal.flush()
    const whole = readFileSync(path)
    truncateSync(path, whole.length - 5)
    feed.poll()
    expect(sequences(takeAll(feed))).toEqual([1])
    writeFileSync(path, whole)
    feed.poll()
    expect(sequences(takeAll(feed, 2))).toEqual([2])
  })

  it('after a cut the same lines again are no news, in the file and by word', () => {
    const { journal, feed, cuts } = opened()
    for (let number = 1; number <= 10; number++) journal.append(step(number))
    const mark = journal.mark()
    for (let number = 11; number <= 20; number++) feed.add(journal.append(step(number)))
    journal.flush()
    feed.poll()
    expect(sequences(takeAll(feed))).toEqual(upTo(20))
    journal.cutTo(mark)
    // One who comes now gets what stands, and waits for the rest.
    for (let number = 11; number <= 15; number++) feed.add(journal.append(step(number)))
    expect(sequences(takeAll(feed))).toEqual(upTo(15))
    expect(feed.take(21)).toEqual([])
    for (let number = 16; number <= 22; number++) feed.add(journal.append(step(number)))
    expect(sequences(takeAll(feed))).toEqual(upTo(22))
    expect(sequences(feed.take(21))).toEqual([21, 22])
    expect(cuts).toEqual([])
  })

  it('a line that comes back with other content is told, by word', () => {
    const { journal, feed, cuts } = opened()
    for (let number = 1; number <= 5; number++) feed.add(journal.append(step(number)))
    const mark = { sizeBytes: journal.length, sequence: 5 }
    journal.flush()
    for (let number = 6; number <= 9; number++) feed.add(journal.append(step(number)))
    journal.flush()
    feed.poll()
    journal.cutTo(mark)
    feed.add(journal.append(step(6)))
    feed.add(journal.append(step(7, 0.5)))
    expect(cuts).toEqual([6])
    expect(takeAll(feed).map((entry) => entry.type === 'step' && entry.loss)).toEqual([1, 2, 3, 4, 5, 6, 0.5])
  })

  it('a line that comes back with other content is told, from the file of another process', () => {
    const { journal, feed, cuts } = opened()
    for (let number = 1; number <= 5; number++) journal.append(step(number))
    const mark = journal.mark()
    for (let number = 6; number <= 9; number++) journal.append(step(number))
    journal.flush()
    feed.poll()
    expect(sequences(takeAll(feed))).toEqual(upTo(9))
    journal.cutTo(mark)
    for (let number = 6; number <= 7; number++) journal.append(step(number))
    journal.append(step(8, 0.25))
    journal.flush()
    feed.poll()
    expect(cuts).toEqual([7])
    expect(takeAll(feed, 8)).toMatchObject([{ sequence: 8, loss: 0.25 }])
  })

  it('entries that never reached the file are gone once the engine has ended', () => {
    const { journal, feed } = opened()
    journal.append(step(1))
    journal.flush()
    feed.poll()
    feed.add({ ...step(2), sequence: 2 })
    expect(sequences(takeAll(feed))).toEqual([1, 2])
    feed.settle()
    expect(sequences(takeAll(feed))).toEqual([1])
  })

  it('a damaged line ends it, and is named', () => {
    const { path, journal, feed } = opened()
    for (let number = 1; number <= 3; number++) journal.append(step(number))
    journal.flush()
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace('"step":2', '"step":7'))
    appendFileSync(path, text.split('\n')[0])
    feed.poll()
    expect(sequences(takeAll(feed))).toEqual([1])
    expect(feed.damage()).toMatchObject({ line: 2, reason: 'the checksum does not match' })
  })

  it('a long one comes in pieces of bounded size', () => {
    const { journal, feed } = opened()
    const count = 50_000
    for (let number = 1; number <= count; number++) journal.append(step(number))
    journal.flush()
    let looks = 1
    while (feed.poll()) looks++
    const sizes: number[] = []
    let next = 1
    for (let entries = feed.take(next); entries.length > 0; entries = feed.take(next)) {
      expect(entries[0].sequence).toBe(next)
      next += entries.length
      sizes.push(entries.length)
    }
    expect(next).toBe(count + 1)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(16_000)
    expect(sizes.length).toBeLessThan(8)
    expect(looks).toBeGreaterThan(1)
  })

  it('large entries make small messages', () => {
    const { journal, feed } = opened()
    for (let number = 1; number <= 20; number++) journal.append({ type: 'note', text: 'x'.repeat(1_000_000) })
    journal.flush()
    while (feed.poll());
    expect(feed.take(1).length).toBe(4)
    expect(sequences(takeAll(feed))).toEqual(upTo(20))
  })
})
