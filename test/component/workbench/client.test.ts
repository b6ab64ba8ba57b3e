import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../../src/renderer/client/createClient.js'
import type { RunWatcher } from '../../../src/renderer/client/client.js'
import { openPort } from '../../../src/renderer/client/portTransport.js'
import { openSocket, socketAddress } from '../../../src/renderer/client/socketTransport.js'
import { AppError } from '../../../src/shared/errors.js'
import type { JournalEntry } from '../../../src/shared/events.js'
import { description, fakeHost } from './fakeHost.js'

const entries = (from: number, to: number): JournalEntry[] => {
  return Array.from({ length: to - from + 1 }, (_, index) => ({ type: 'note', text: `note ${from + index}`, sequence: from + index }))
}

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

describe('a request', () => {
  it('waits for the first connection and gets its answer', async () => {
    const host = fakeHost()
    expect(host.client.connection.value).toBe('connecting')
    await expect(host.client.request('describe', {})).resolves.toEqual(description)
    expect(host.client.connection.value).toBe('open')
  })

  it('fails with the host\'s own error, code and hint included', async () => {
    const host = fakeHost({ stopRun: () => { throw new AppError('run.not-found', 'There is no run "x".') } })
    const failure: unknown = await host.client.request('stopRun', { run: 'x' }).catch((thrown: unknown) => thrown)
    expect(failure).toBeInstanceOf(AppError)
    expect((failure as AppError).report()).toEqual(new AppError('run.not-found', 'There is no run "x".').report())
  })

  it('hears its own progress and nobody else\'s', async () => {
    let finish: (value: never) => void = () => undefined
    const host = fakeHost({ scan: () => new Promise((resolve) => { finish = resolve }), samples: () => new Promise(() => undefined) })
    const heard: string[] = []
    const scan = host.client.request('scan', { data: {}, seed: 1 }, { onProgress: ({ done, total }) => heard.push(`scan ${done}/${total}`) })
    void host.client.request('samples', { data: {}, seed: 1, count: 2 }, { onProgress: ({ done }) => heard.push(`samples ${done}`) })
    const news: string[] = []
    host.client.onNews((each) => news.push(each.news))
    await vi.advanceTimersByTimeAsync(0)
    host.progress('scan', 3, 10)
    host.progress('samples', 1, 2)
    host.progress('scan', 10, 10)
    finish({} as never)
    await scan
    expect(heard).toEqual(['scan 3/10', 'samples 1', 'scan 10/10'])
    expect(news).toEqual([])
  })

  it('is cancelled by its signal: the host is asked, and its word counts', async () => {
    let refuse: (error: Error) => void = () => undefined
    const host = fakeHost({
      scan: () => new Promise((_, reject) => { refuse = reject }),
      cancel: () => { refuse(new AppError('request.cancelled', 'The scan was cancelled.')); return {} }
    })
    const stop = new AbortController()
    const scan = host.client.request('scan', { data: {}, seed: 1 }, { signal: stop.signal })
    scan.catch(() => undefined)
    await vi.advanceTimersByTimeAsync(0)
    stop.abort()
    await expect(scan).rejects.toMatchObject({ code: 'request.cancelled', message: 'The scan was cancelled.' })
    expect(host.requests).toEqual([{ name: 'scan', input: { data: {}, seed: 1 } }, { name: 'cancel', input: { request: 1 } }])
  })

  it('that was aborted before is never sent', async () => {
    const host = fakeHost()
    await expect(host.client.request('scan', { data: {}, seed: 1 }, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'request.cancelled' })
    expect(host.requests).toEqual([])
  })
})

describe('a lost connection', () => {
  it('comes back by itself, later and later, and says where it is', async () => {
    const host = fakeHost()
    await host.client.request('describe', {})
    host.refuse = true
    host.cut()
    expect(host.client.connection.value).toBe('lost')
    await vi.advanceTimersByTimeAsync(30_000)
    expect(host.client.connection.value).toBe('lost')
    host.refuse = false
    await vi.advanceTimersByTimeAsync(4000)
    expect(host.client.connection.value).toBe('open')
    await expect(host.client.request('describe', {})).resolves.toEqual(description)
  })

  it('asks again what only reads, and fails what may have been done already', async () => {
    let answered = false
    const host = fakeHost({
      listRuns: () => (answered ? [] : new Promise(() => undefined)),
      startRun: () => new Promise(() => undefined)
    })
    const list = host.client.request('listRuns', {})
    const start = host.client.request('startRun', { job: 'run', name: null, settings: {} })
    start.catch(() => undefined)
    await vi.advanceTimersByTimeAsync(0)
    answered = true
    host.cut()
    await expect(start).rejects.toMatchObject({ code: 'connection.lost' })
    await expect(host.client.request('stopRun', { run: 'x' })).rejects.toMatchObject({ code: 'connection.lost' })
    await vi.advanceTimersByTimeAsync(4000)
    await expect(list).resolves.toEqual([])
    expect(host.requests.map(({ name }) => name)).toEqual(['listRuns', 'startRun', 'listRuns'])
  })
})

describe('a watched run', () => {
  /** Collects what a watcher gets, as sequence numbers. */
  function collect(): { watcher: RunWatcher; got: number[]; cuts: number[] } {
    const got: number[] = []
    const cuts: number[] = []
    return { got, cuts, watcher: { entries: (batch) => got.push(...batch.map(({ sequence }) => sequence)), cut: (sequence) => cuts.push(sequence) } }
  }
  const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)
  const asked = (host: ReturnType<typeof fakeHost>): unknown[] => host.requests.filter(({ name }) => name === 'watchRun').map(({ input }) => input)

  it('is asked for again from where it stood, so that nothing is missed and nothing comes twice', async () => {
    const host = fakeHost()
    const { watcher, got } = collect()
    host.client.watchRun('street', watcher)
    await vi.advanceTimersByTimeAsync(0)
    host.say({ news: 'journal', run: 'street', entries: entries(1, 40) })
    host.cut()
    await vi.advanceTimersByTimeAsync(4000)
    expect(asked(host)).toEqual([{ run: 'street', fromSequence: 1 }, { run: 'street', fromSequence: 41 }])
    host.say({ news: 'journal', run: 'street', entries: entries(35, 60) })
    expect(got).toEqual(numbers(1, 60))
  })

  it('with a hole in it is asked for from the hole on', async () => {
    const host = fakeHost()
    const { watcher, got } = collect()
    host.client.watchRun('street', watcher)
    await vi.advanceTimersByTimeAsync(0)
    host.say({ news: 'journal', run: 'street', entries: entries(1, 10) })
    host.say({ news: 'journal', run: 'street', entries: entries(15, 20) })
    await vi.advanceTimersByTimeAsync(0)
    expect(asked(host)).toEqual([{ run: 'street', fromSequence: 1 }, { run: 'street', fromSequence: 11 }])
    host.say({ news: 'journal', run: 'street', entries: entries(11, 25) })
    expect(got).toEqual(numbers(1, 25))
  })

  it('comes whole to one who looks later, and to the first without doubles', async () => {
    const host = fakeHost()
    const early = collect()
    const late = collect()
    host.client.watchRun('street', early.watcher)
    await vi.advanceTimersByTimeAsync(0)
    host.say({ news: 'journal', run: 'street', entries: entries(1, 30) })
    const stop = host.client.watchRun('street', late.watcher)
    await vi.advanceTimersByTimeAsync(0)
    host.say({ news: 'journal', run: 'street', entries: entries(1, 30) })
    host.say({ news: 'journal', run: 'street', entries: entries(31, 35) })
    expect(early.got).toEqual(numbers(1, 35))
    expect(late.got).toEqual(numbers(1, 35))
    stop()
    host.say({ news: 'journal', run: 'street', entries: entries(36, 36) })
    expect(early.got).toEqual(numbers(1, 36))
    expect(late.got).toEqual(numbers(1, 35))
    expect(host.count('unwatchRun')).toBe(0)
  })

  it('is let go with its last watcher', async () => {
    const host = fakeHost()
    const stop = host.client.watchRun('street', collect().watcher)
    await vi.advanceTimersByTimeAsync(0)
    stop()
    stop()
    await vi.advanceTimersByTimeAsync(0)
    expect(host.requests.slice(1)).toEqual([{ name: 'unwatchRun', input: { run: 'street' } }])
    host.cut()
    await vi.advanceTimersByTimeAsync(4000)
    expect(host.count('watchRun')).toBe(1)
  })

  it('tells that its journal was cut back, and what stands there now', async () => {
    const host = fakeHost()
    const { watcher, got, cuts } = collect()
    host.client.watchRun('street', watcher)
    await vi.advanceTimersByTimeAsync(0)
    host.say({ news: 'journal', run: 'street', entries: entries(1, 20) })
    host.say({ news: 'journal', run: 'street', entries: entries(13, 22), cutTo: 12 })
    expect(cuts).toEqual([12])
    expect(got).toEqual([...numbers(1, 20), ...numbers(13, 22)])
  })

  it('that is not there says so to its watcher', async () => {
    const host = fakeHost({ watchRun: () => { throw new AppError('run.not-found', 'There is no run "gone".') } })
    const failed = vi.fn()
    host.client.watchRun('gone', { failed })
    await vi.advanceTimersByTimeAsync(0)
    expect(failed).toHaveBeenCalledWith(expect.objectContaining({ code: 'run.not-found' }))
  })

  it('of which only the pulse is wanted sends no journal', async () => {
    const host = fakeHost()
    host.client.watchRun('street', {})
    await vi.advanceTimersByTimeAsync(0)
    expect(asked(host)).toEqual([{ run: 'street', fromSequence: Number.MAX_SAFE_INTEGER }])
    const { watcher, got } = collect()
    host.client.watchRun('street', watcher)
    await vi.advanceTimersByTimeAsync(0)
    host.say({ news: 'journal', run: 'street', entries: entries(1, 3) })
    expect(asked(host)[1]).toEqual({ run: 'street', fromSequence: 1 })
    expect(got).toEqual([1, 2, 3])
  })
})

describe('the transports', () => {
  afterEach(() => { vi.unstubAllGlobals() })

  it('a socket goes to the server that the page came from, and carries JSON', async () => {
    expect(socketAddress(new URL('http://127.0.0.1:4321/#/runs') as unknown as Location)).toBe('ws://127.0.0.1:4321/socket')
    expect(socketAddress(new URL('https://lab.example/cellscope') as unknown as Location)).toBe('wss://lab.example/socket')
    const sockets: FakeSocket[] = []
    class FakeSocket extends EventTarget {
      static readonly OPEN = 1
      readyState = 0
      sent: string[] = []
      constructor(readonly address: string) { super(); sockets.push(this) }
      send(text: string): void { this.sent.push(text) }
      close(): void { this.readyState = 3; this.dispatchEvent(new Event('close')) }
    }
    vi.stubGlobal('WebSocket', FakeSocket)
    const client = createClient(() => openSocket('ws://127.0.0.1:4321/socket'))
    const answer = client.request('listRuns', {})
    const socket = sockets[0]
    socket.readyState = 1
    socket.dispatchEvent(new Event('open'))
    await vi.advanceTimersByTimeAsync(0)
    expect(socket.sent.map((text) => JSON.parse(text) as unknown)).toEqual([{ request: 1, name: 'listRuns', input: {} }])
    socket.dispatchEvent(new MessageEvent('message', { data: '{"answer":1,"value":[]}' }))
    await expect(answer).resolves.toEqual([])
    socket.close()
    expect(client.connection.value).toBe('lost')
    await vi.advanceTimersByTimeAsync(4000)
    expect(sockets.length).toBe(2)
    // A server that refuses closes before it opens: the next try follows.
    sockets[1].close()
    await vi.advanceTimersByTimeAsync(4000)
    expect(sockets.length).toBe(3)
  })

  it('a port is asked for once the page listens, and taken only from its own window', async () => {
    const page = new FakeWindow()
    const opened = openPort(page as unknown as Window)
    expect(page.said).toEqual(['cellscope-page-ready'])
    const { port1, port2 } = new MessageChannel()
    page.hear({ source: {}, data: 'cellscope-port', ports: [new MessageChannel().port1] })
    page.hear({ source: page, data: 'something else', ports: [new MessageChannel().port1] })
    page.hear({ source: page, data: 'cellscope-port', ports: [port1] })
    const transport = await opened
    const sent = new Promise((resolve) => { port2.onmessage = (event: { data: unknown }) => resolve(event.data) })
    transport.send({ request: 1, name: 'describe', input: {} })
    await expect(sent).resolves.toEqual({ request: 1, name: 'describe', input: {} })
    const closed = vi.fn()
    transport.onClose(closed)
    transport.close()
    expect(closed).toHaveBeenCalledTimes(1)
    port2.close()
  })
})

/** As much of a window as a port needs. */
class FakeWindow {
  readonly location = { origin: 'app://cellscope' }
  readonly said: unknown[] = []
  private readonly listeners = new Set<(event: unknown) => void>()
  postMessage(message: unknown): void { this.said.push(message) }
  addEventListener(_: string, listener: (event: unknown) => void): void { this.listeners.add(listener) }
  removeEventListener(_: string, listener: (event: unknown) => void): void { this.listeners.delete(listener) }
  hear(event: unknown): void { for (const listener of [...this.listeners]) listener(event) }
}
