/** How journals reach a page: at most ten messages a second, runs in turn, the end of a run after its last entry. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { journalPump, type JournalPump } from '../../../../src/host/desk/journalPump.js'
import type { RunWatcher, WatchedRuns } from '../../../../src/host/desk/watchedRuns.js'
import type { HostNews } from '../../../../src/shared/clientProtocol.js'
import { parseSettings } from '../../../../src/shared/config/parseSettings.js'
import type { JournalEntry } from '../../../../src/shared/events.js'
import { RunFolder } from '../../../../src/storage/runFolder.js'
import { fakeClock, type FakeClock } from '../fakeEngine.js'
import { temporaryFolder } from './testDesk.js'

interface Scene {
  clock: FakeClock
  pump: JournalPump
  sent: { at: number; news: HostNews }[]
  run(name: string): RunFolder
  /** Adds entries to a run; at most `perTake` are taken at once. */
  add(name: string, count: number): void
  cut(name: string, last: number): void
  busy: { is: boolean }
  watching: () => number
}

function scene(perTake = 5): Scene {
  const clock = fakeClock()
  const sent: Scene['sent'] = []
  const folder = temporaryFolder()
  const journals = new Map<string, JournalEntry[]>()
  const watchers = new Map<string, Set<RunWatcher>>()
  const busy = { is: false }
  const of = (name: string): JournalEntry[] => {
    const journal = journals.get(name) ?? []
    journals.set(name, journal)
    return journal
  }
  const watched: WatchedRuns = {
    watch(run, watcher) {
      const { name } = run.manifest
      const all = watchers.get(name) ?? new Set()
      watchers.set(name, all.add(watcher))
      return {
        name,
        take: (from) => of(name).slice(from - 1, from - 1 + perTake),
        takeText: () => ({ text: '', count: 0 }),
        add: () => undefined,
        pulse: () => undefined,
        lastPulse: () => undefined,
        settle: () => undefined,
        release: () => void all.delete(watcher)
      }
    },
    close: () => undefined
  }
  return {
    clock,
    sent,
    busy,
    pump: journalPump({ watched, clock, send: (news) => sent.push({ at: clock.now(), news }), isBusy: () => busy.is }),
    run: (name) => RunFolder.create(join(folder, name), { name, job: 'run', settings: parseSettings({}, 'test') }),
    add(name, count) {
      for (let added = 0; added < count; added++) of(name).push({ type: 'note', text: '', sequence: of(name).length + 1 })
      watchers.get(name)?.forEach((watcher) => watcher.onMore())
    },
    cut(name, last) {
      of(name).length = last
      watchers.get(name)?.forEach((watcher) => watcher.onCut(last))
    },
    watching: () => [...watchers.values()].reduce((sum, all) => sum + all.size, 0)
  }
}

function sequences(sent: Scene['sent'], run: string): number[] {
  return sent.flatMap(({ news }) => (news.news === 'journal' && news.run === run ? news.entries.map(({ sequence }) => sequence) : []))
}

describe('the pump', () => {
  it('sends at once what is new, and then no more than ten messages a second', () => {
    const { pump, clock, sent, run, add } = scene(50)
    pump.watch(run('a'), 1)
    for (let tick = 0; tick < 1000; tick++) {
      add('a', 1)
      clock.pass(5)
    }
    clock.pass(1000)
    expect(sequences(sent, 'a')).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1))
    expect(sent[0].at).toBeLessThan(10)
    for (const [index, { at }] of sent.entries()) {
      const inThatSecond = sent.filter((other) => other.at >= at && other.at < at + 1000)
      expect(inThatSecond.length, `after message ${index}`).toBeLessThanOrEqual(10)
    }
  })

  it('two runs take turns, and share the ten', () => {
    const { pump, clock, sent, run, add } = scene()
    add('a', 40)
    add('b', 40)
    pump.watch(run('a'), 1)
    pump.watch(run('b'), 31)
    clock.pass(10_000)
    expect(sequences(sent, 'a')).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
    expect(sequences(sent, 'b')).toEqual(Array.from({ length: 10 }, (_, index) => index + 31))
    expect(sent.slice(0, 4).map(({ news }) => news.news === 'journal' && news.run)).toEqual(['a', 'b', 'a', 'b'])
    expect(sent.map(({ at }) => at)).toEqual(sent.map((_, index) => index * 100))
  })

  it('keeps the end of a run back until its last entry was sent; of a run that is not watched it comes at once', () => {
    const { pump, clock, sent, run, add } = scene()
    add('a', 12)
    pump.watch(run('a'), 1)
    pump.afterJournal({ news: 'state', run: 'a', live: null, over: 'finished', error: null })
    pump.afterJournal({ news: 'state', run: 'other', live: null, over: 'finished', error: null })
    clock.pass(5000)
    expect(sent.map(({ news }) => [news.news, 'run' in news && news.run])).toEqual([
      ['state', 'other'], ['journal', 'a'], ['journal', 'a'], ['journal', 'a'], ['state', 'a']
    ])
  })

  it('tells of a cut only those who have more than what stands, and goes on from there', () => {
    const { pump, clock, sent, run, add, cut } = scene(100)
    add('a', 10)
    pump.watch(run('a'), 1)
    clock.pass(200)
    cut('a', 6)
    add('a', 3)
    clock.pass(200)
    expect(sent.map(({ news }) => news.news === 'journal' && [news.entries[0].sequence, news.entries.length, news.cutTo])).toEqual([[1, 10, undefined], [7, 3, 6]])
    cut('a', 20)
    clock.pass(200)
    expect(sent.length).toBe(2)
  })

  it('piles nothing up for a page that does not read', () => {
    const { pump, clock, sent, run, add, busy } = scene()
    add('a', 100)
    busy.is = true
    pump.watch(run('a'), 1)
    clock.pass(5000)
    expect(sent).toEqual([])
    busy.is = false
    clock.pass(5000)
    expect(sequences(sent, 'a').length).toBe(100)
  })

  it('watching again begins anew from the asked place; the old watch is let go', () => {
    const { pump, clock, sent, run, add, watching } = scene(100)
    add('a', 10)
    const folder = run('a')
    pump.watch(folder, 1)
    pump.watch(folder, 9)
    clock.pass(200)
    expect(sequences(sent, 'a')).toEqual([9, 10])
    expect(watching()).toBe(1)
    pump.unwatch('a')
    add('a', 1)
    clock.pass(200)
    expect(sequences(sent, 'a')).toEqual([9, 10])
    pump.watch(folder, 1)
    pump.close()
    clock.pass(200)
    expect([watching(), sequences(sent, 'a').length]).toEqual([0, 2])
  })
})
