/** A client that opens its transport by itself, and again whenever it is lost. */
import { readonly, ref } from 'vue'
import type { Answers, ClientRequest, HostMessage, HostNews, RequestName, Transport } from '../../shared/clientProtocol.js'
import { AppError } from '../../shared/errors.js'
import type { Client, Connection, ProgressNews, RequestOptions } from './client.js'
import { createRunWatches } from './runWatches.js'

export type OpenTransport = () => Promise<Transport<ClientRequest, HostMessage>>

/** These may be asked twice without harm. */
const readingRequests: ReadonlySet<RequestName> = new Set<RequestName>(['describe', 'listRuns', 'forecast', 'describeRun', 'listPictures', 'readPicture', 'readLatencyTable'])

const firstDelayMs = 250
const longestDelayMs = 4000

interface Pending {
  request: ClientRequest
  sent: boolean
  resolve: (value: unknown) => void
  reject: (error: AppError) => void
  onProgress: ((progress: ProgressNews) => void) | undefined
}

export function createClient(openTransport: OpenTransport): Client {
  const connection = ref<Connection>('connecting')
  const pending = new Map<number, Pending>()
  const listeners = new Set<(news: HostNews) => void>()
  let transport: Transport<ClientRequest, HostMessage> | null = null
  let lastNumber = 0
  let delayMs = firstDelayMs
  let closed = false

  const client: Client = {
    connection: readonly(connection),
    request(name, input, options = {}) {
      return ask(name, input, options) as Promise<Answers[typeof name]>
    },
    onNews(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    watchRun: (run, watcher) => watches.add(run, watcher),
    close() {
      closed = true
      transport?.close()
      failAll(() => true)
    }
  }
  const watches = createRunWatches(client)
  void connect()
  return client

  function ask(name: RequestName, input: unknown, options: RequestOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (options.signal?.aborted) return reject(new AppError('request.cancelled', 'The request was cancelled before it was sent.'))
      if (closed || (connection.value === 'lost' && !readingRequests.has(name))) return reject(lost())
      lastNumber += 1
      const number = lastNumber
      const request = { request: number, name, input }
      pending.set(number, { request, sent: false, resolve, reject, onProgress: options.onProgress })
      options.signal?.addEventListener('abort', () => cancel(number), { once: true })
      sendWaiting()
    })
  }

  function sendWaiting(): void {
    if (!transport) return
    for (const each of pending.values()) {
      if (each.sent) continue
      each.sent = true
      transport.send(each.request)
    }
  }

  function cancel(number: number): void {
    const waiting = pending.get(number)
    if (!waiting) return
    if (waiting.sent) return void client.request('cancel', { request: number }).catch(() => undefined)
    pending.delete(number)
    waiting.reject(new AppError('request.cancelled', 'The request was cancelled before it was sent.'))
  }

  async function connect(): Promise<void> {
    const opened = await openTransport().catch(() => null)
    if (opened === null) return disconnected()
    opened.onMessage(receive)
    opened.onClose(() => {
      if (transport === opened) disconnected()
    })
    transport = opened
    delayMs = firstDelayMs
    connection.value = 'open'
    sendWaiting()
    watches.reconnected()
  }

  function disconnected(): void {
    transport = null
    if (closed) return
    connection.value = 'lost'
    failAll((each) => !readingRequests.has(each.request.name))
    for (const each of pending.values()) each.sent = false
    setTimeout(() => void connect(), delayMs)
    delayMs = Math.min(2 * delayMs, longestDelayMs)
  }

  function failAll(which: (each: Pending) => boolean): void {
    for (const [number, each] of [...pending]) {
      if (!which(each)) continue
      pending.delete(number)
      each.reject(lost())
    }
  }

  function receive(message: HostMessage): void {
    if (!('answer' in message)) return hear(message)
    const waiting = pending.get(message.answer)
    pending.delete(message.answer)
    if ('error' in message) waiting?.reject(AppError.from(message.error))
    else waiting?.resolve(message.value)
  }

  function hear(news: HostNews): void {
    if (news.news === 'progress') return pending.get(news.request)?.onProgress?.(news)
    if (news.news === 'journal') watches.receive(news.run, news.entries, news.cutTo)
    for (const listener of [...listeners]) listener(news)
  }
}

function lost(): AppError {
  return new AppError('connection.lost', 'The connection to the program was lost before it answered.')
}
