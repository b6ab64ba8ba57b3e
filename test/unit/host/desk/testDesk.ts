/** A desk with an engine that the test plays, and pages that are connected to it in this process. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { openDesk, type Desk, type DeskOptions } from '../../../../src/host/desk/openDesk.js'
import { inProcessPair } from '../../../../src/host/desk/transport/inProcessPair.js'
import type { Answers, ClientRequest, HostMessage, HostNews, RequestInput, RequestName, Transport } from '../../../../src/shared/clientProtocol.js'
import type { ErrorReport } from '../../../../src/shared/errors.js'
import type { WorkerCommand } from '../../../../src/shared/protocol.js'
import { fakeEngine, type FakeEngine, type FakeWorker } from '../fakeEngine.js'

export interface TestPage {
  transport: Transport<ClientRequest, HostMessage>
  news: HostNews[]
  closed: () => boolean
  /** The answer, or the error report thrown. */
  ask<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Answers[Name]>
  /** Number of the next request. */
  next: () => number
}

export interface TestDesk {
  desk: Desk
  engine: FakeEngine
  workspace: string
  logged: string[]
  page: () => TestPage
}

const folders: string[] = []
const desks: Desk[] = []

afterEach(async () => {
  for (const desk of desks.splice(0)) {
    desk.kill()
    await desk.close()
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cellscope 桌-'))
  folders.push(folder)
  return folder
}

/** `react` plays the engine: called for each command of each worker, a moment after it. */
export function testDesk(react: (worker: FakeWorker, command: WorkerCommand) => void = () => undefined, options: Partial<DeskOptions> = {}): TestDesk {
  const engine = fakeEngine((worker, command) => queueMicrotask(() => react(worker, command)))
  const workspace = options.workspace ?? join(temporaryFolder(), 'work')
  const logged: string[] = []
  const desk = openDesk({ shell: 'desktop', spawn: engine.spawn, log: (text) => logged.push(text), ...options, workspace })
  desks.push(desk)
  return { desk, engine, workspace, logged, page: () => testPage(desk) }
}

export function testPage(desk: Desk): TestPage {
  const [host, page] = inProcessPair<HostMessage, ClientRequest>()
  desk.connect(host)
  return pageOn(page)
}

/** A page at the end of any transport. */
export function pageOn(transport: Transport<ClientRequest, HostMessage>): TestPage {
  const waiting = new Map<number, (message: HostMessage) => void>()
  const news: HostNews[] = []
  let last = 0
  let closed = false
  transport.onClose(() => (closed = true))
  transport.onMessage((message) => {
    if ('answer' in message) waiting.get(message.answer)?.(message)
    else news.push(message)
  })
  return {
    transport,
    news,
    closed: () => closed,
    next: () => last + 1,
    ask: (name, input) =>
      new Promise((resolve, reject) => {
        const request = ++last
        waiting.set(request, (message) => {
          if (!('answer' in message)) return
          if ('error' in message) reject(Object.assign(new Error(message.error.message), { report: message.error }))
          else resolve(message.value as Answers[typeof name])
        })
        transport.send({ request, name, input })
      })
  }
}

/** The error report that a request was answered with; fails where it was answered well. */
export async function refusalOf(answer: Promise<unknown>): Promise<ErrorReport> {
  try {
    await answer
  } catch (error) {
    return (error as { report: ErrorReport }).report
  }
  throw new Error('expected a refusal, found an answer')
}

/** Waits until it is so, in turns of the event loop; says what it waited for when it never is. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 25_000; !isSo();) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export function journalOf(page: TestPage, run: string): { sequence: number }[] {
  return page.news.flatMap((each) => (each.news === 'journal' && each.run === run ? each.entries : []))
}
