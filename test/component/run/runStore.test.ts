import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { provideClient } from '../../../src/renderer/client/useClient.js'
import { openRunStore, useRun, type RunStore } from '../../../src/renderer/stores/runStore.js'
import { AppError } from '../../../src/shared/errors.js'
import type { JournalEntry, Pulse } from '../../../src/shared/events.js'
import { runHost, syntheticReport, type RunHost } from './runHost.js'

vi.setConfig({ testTimeout: 60_000 })

const report = syntheticReport({ pictures: 0 })
beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

/** Every sequence that a journal took, in order. */
function spied(store: RunStore): number[] {
  const taken: number[] = []
  const { append } = store.journal.value
  vi.spyOn(store.journal.value, 'append').mockImplementation(function (this: RunStore['journal']['value'], entries) {
    taken.push(...entries.map(({ sequence }) => sequence))
    append.call(this, entries)
  })
  return taken
}

async function open(host: RunHost): Promise<RunStore & { close: () => void }> {
  const store = openRunStore(host.client, host.run)
  await vi.advanceTimersByTimeAsync(0)
  return store
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)
const pulse: Pulse = {
  stage: 'search', variant: 'decoupled', step: 3, steps: 80, elapsedSeconds: 9, stepSeconds: 1, waitedSeconds: 0, remainingSeconds: 60, residentBytes: 1e9
}

describe('the journal of a watched run', () => {
  it('has every entry once, those before it was opened too, whatever comes twice or in a hole', async () => {
    const host = runHost(report)
    host.upTo = 200
    const store = openRunStore(host.client, host.run)
    const taken = spied(store)
    await vi.advanceTimersByTimeAsync(0)
    expect(taken).toEqual(upTo(200))
    host.goOn(210)
    host.say({ news: 'journal', run: host.run, entries: host.entries.slice(190, 205) })
    expect(taken).toEqual(upTo(210))
    // Entries 211 to 219 never arrive: the page asks for them.
    host.upTo = 230
    host.say({ news: 'journal', run: host.run, entries: host.entries.slice(219, 230) })
    await vi.advanceTimersByTimeAsync(0)
    expect(taken).toEqual(upTo(230))
    expect(store.journal.value.lastSequence).toBe(230)
    store.close()
  })

  it('goes on after a lost connection from its last entry', async () => {
    const host = runHost(report)
    host.upTo = 150
    const store = await open(host)
    const taken = spied(store)
    host.cut()
    host.upTo = 180
    await vi.advanceTimersByTimeAsync(5000)
    expect(taken).toEqual(upTo(180).slice(150))
    const asked = host.requests.filter(({ name }) => name === 'watchRun').map(({ input }) => (input as { fromSequence: number }).fromSequence)
    expect(asked).toEqual([1, 151])
    store.close()
  })

  it('forgets what the host has cut away and shows what stands there now', async () => {
    const host = runHost(report)
    const store = await open(host)
    const searches = (): number => store.journal.value.of('supernet-evaluated').length
    const before = searches()
    const place = host.entries.findIndex(({ type }) => type === 'supernet-evaluated')
    host.entries = [...host.entries.slice(0, place), ...host.entries.slice(place + 1)].map((entry, index): JournalEntry => ({ ...entry, sequence: index + 1 }))
    host.upTo = host.entries.length
    host.say({ news: 'journal', run: host.run, entries: host.entries.slice(place), cutTo: place })
    await vi.advanceTimersByTimeAsync(0)
    expect(store.journal.value.lastSequence).toBe(host.entries.length)
    expect(searches()).toBe(before - 1)
    store.close()
  })

  it('is of its own run only', async () => {
    const host = runHost(report)
    host.upTo = 10
    const store = await open(host)
    host.say({ news: 'journal', run: 'another', entries: host.entries.slice(10, 20) })
    host.say({ news: 'pulse', run: 'another', pulse })
    expect(store.journal.value.lastSequence).toBe(10)
    expect(store.pulse.value).toBeNull()
    store.close()
  })
})

describe('what else is known of a run', () => {
  it('is read again when a stage ends, when the state changes and after a new connection', async () => {
    const host = runHost(report)
    host.upTo = 5
    const store = await open(host)
    expect(host.count('describeRun')).toBe(1)
    const end = host.entries.findIndex(({ type }) => type === 'stage-finished') + 1
    host.goOn(end)
    await vi.advanceTimersByTimeAsync(1000)
    expect(host.count('describeRun')).toBe(2)
    host.say({ news: 'state', run: host.run, live: 'paused', over: null, error: null })
    expect(store.live.value).toBe('paused')
    await vi.advanceTimersByTimeAsync(0)
    expect(host.count('describeRun')).toBe(3)
    host.cut()
    await vi.advanceTimersByTimeAsync(5000)
    expect(host.count('describeRun')).toBe(4)
    store.close()
  })

  it('holds the newest pulse while somebody works on the run, incidents, notices and the end', async () => {
    const host = runHost(report, { live: 'running', progress: 'unfinished' })
    const store = await open(host)
    expect(store.live.value).toBe('running')
    host.say({ news: 'pulse', run: host.run, pulse })
    host.say({ news: 'incident', run: host.run, what: 'death', text: 'It was killed.', checkpointStep: 40, restarts: 1 })
    host.say({ news: 'notice', run: host.run, text: 'A checkpoint was set aside.' })
    expect(store.pulse.value).toEqual(pulse)
    expect(store.incidents).toMatchObject([{ what: 'death', checkpointStep: 40 }])
    expect(store.notices).toEqual(['A checkpoint was set aside.'])
    const error = new AppError('disk.full', 'The disk is full.').report()
    host.description = { ...host.description, live: null }
    host.say({ news: 'state', run: host.run, live: null, over: 'failed', error })
    expect(store.pulse.value).toBeNull()
    expect(store.failure.value).toEqual(error)
    expect(store.over.value).toBe('failed')
    store.close()
  })

  it('says why a run cannot be read', async () => {
    const missing = (): never => { throw new AppError('run.not-found', 'There is no run street.') }
    const host = runHost(report, {}, { describeRun: missing, watchRun: missing })
    const store = await open(host)
    expect(store.error.value).toMatchObject({ code: 'run.not-found' })
    expect(store.description.value).toBeNull()
    store.close()
  })
})

describe('pages of one run', () => {
  it('share one store; it is given up a while after the last of them', async () => {
    const host = runHost(report)
    const found: RunStore[] = []
    const Page = defineComponent({ setup() {
      found.push(useRun('street'))
      return () => h('p')
    } })
    const shown = ref<number[]>([1, 2])
    const pages = mount(defineComponent({ setup: () => () => shown.value.map((key) => h(Page, { key })) }), {
      global: { plugins: [{ install: (app) => provideClient(host.client, app) }] }
    })
    await vi.advanceTimersByTimeAsync(0)
    expect(found[0]).toBe(found[1])
    expect(host.count('watchRun')).toBe(1)
    shown.value = []
    await flushPromises()
    await vi.advanceTimersByTimeAsync(1000)
    shown.value = [3]
    await flushPromises()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(found[2]).toBe(found[0])
    expect(host.count('unwatchRun')).toBe(0)
    shown.value = []
    await flushPromises()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(host.count('unwatchRun')).toBe(1)
    shown.value = [4]
    await flushPromises()
    await vi.advanceTimersByTimeAsync(0)
    expect(found[3]).not.toBe(found[0])
    expect(found[3].journal.value.lastSequence).toBe(report.events.length)
    pages.unmount()
  })
})
