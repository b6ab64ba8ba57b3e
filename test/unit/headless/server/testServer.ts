/** A server with a desk behind it, and raw lines to it: what a browser would never send. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { WebSocket } from 'ws'
import { startServer, type RunningServer } from '../../../../src/headless/server/startServer.js'
import { presets } from '../../../../src/shared/presets.js'
import { parseSettings } from '../../../../src/shared/config/parseSettings.js'
import { Workspace } from '../../../../src/storage/workspace.js'
import { letIn, socketEnd } from '../../../contract/lines.js'
import type { FakeEngine } from '../../host/fakeEngine.js'
import { pageOn, testDesk, type TestPage } from '../../host/desk/testDesk.js'

export const secret = 'SECRET-7c1f'

export interface TestServer {
  server: RunningServer
  port: number
  cookie: string
  origin: string
  engine: FakeEngine
  workspace: string
  /** A folder that the pages may name. */
  dataset: string
  logged: string[]
  page(): Promise<TestPage>
}

const undo: (() => Promise<void> | void)[] = []

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/**
 * Pages, a workspace with the runs `run1` and `run10`, an export in each, links that lead out, and secrets beside everything that may be
 * reached.
 */
export async function testServer(hostNames: string[] = []): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'cellscope-server-'))
  undo.push(() => rmSync(folder, { recursive: true, force: true }))
  const [pages, dataset, work] = ['pages', 'images', 'work'].map((name) => join(folder, name))
  for (const made of [join(pages, 'assets'), dataset]) mkdirSync(made, { recursive: true })
  writeFileSync(join(pages, 'index.html'), '<!doctype html><title>Cellscope</title>')
  writeFileSync(join(pages, 'assets', 'index.js'), 'export const page = 1')
  for (const place of [folder, `${pages}-more`, dataset]) {
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, 'secret.html'), secret)
  }
  symlinkSync(join(folder, 'secret.html'), join(pages, 'linked.html'))
  const logged: string[] = []
  const { desk, engine, workspace } = testDesk(undefined, { shell: 'browser', workspace: work, datasets: [dataset], log: (text) => logged.push(text) })
  for (const name of ['run1', 'run10']) {
    const run = Workspace.open(workspace).createRun({ name, job: 'run', settings: parseSettings(presets.tiny.settings, 'test') })
    mkdirSync(join(run.path, 'exports', 'student'), { recursive: true })
    writeFileSync(join(run.path, 'exports', 'student.onnx'), `model of ${name}`)
    for (const file of ['model.onnx', 'tfjs/model.json']) {
      mkdirSync(join(run.path, 'exports', 'student', file, '..'), { recursive: true })
      writeFileSync(join(run.path, 'exports', 'student', file), `${name} ${file}`)
    }
    symlinkSync(join(folder, 'secret.html'), join(run.path, 'exports', 'linked.onnx'))
    symlinkSync(join(folder, 'secret.html'), join(run.path, 'exports', 'student', 'linked.onnx'))
  }
  symlinkSync(folder, join(workspace, 'runs', 'linked'))
  writeFileSync(join(folder, 'manifest.json'), secret)
  const server = await startServer(desk, { pages, hostNames, log: (text) => logged.push(text) })
  undo.push(() => server.close())
  const { origin, socket, cookie } = await letIn(server.url)
  return {
    server,
    port: server.port,
    cookie,
    origin,
    engine,
    workspace,
    dataset,
    logged,
    page: () =>
      new Promise((resolve, reject) => {
        const opened = new WebSocket(socket, { origin, headers: { cookie } })
        opened.once('open', () => resolve(pageOn(socketEnd(opened))))
        opened.once('error', reject)
      })
  }
}

export interface RawAnswer {
  /** 0 where the line was closed without a word. */
  status: number
  /** Lower-case names. */
  headers: Record<string, string>
  body: string
  text: string
}

/** Sends these bytes on a line of their own, and reads until the other end closes it or, after an upgrade, until it has answered. */
export function send(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const line = connect(port, '127.0.0.1', () => line.write(bytes))
    const done = (): void => {
      line.destroy()
      resolve(parsed(Buffer.concat(chunks).toString('latin1')))
    }
    line.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (chunk.includes('101 Switching')) done()
    })
    line.on('close', done)
    // The other end may hang up while we still write.
    line.on('error', () => undefined)
  })
}

function parsed(text: string): RawAnswer {
  const [head, ...rest] = text.split('\r\n\r\n')
  const [first, ...lines] = head.split('\r\n')
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]))
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1] ?? 0), headers, body: rest.join('\r\n\r\n'), text }
}

export type Head = Record<string, string | string[] | undefined>

/** A GET with the headers that a browser of ours would send, except where the test says otherwise; undefined leaves one out. */
export function get({ port, cookie }: Pick<TestServer, 'port' | 'cookie'>, target: string, head: Head = {}, method = 'GET'): Promise<RawAnswer> {
  const all: Head = { Host: `127.0.0.1:${port}`, Cookie: cookie, Connection: 'close', ...head }
  return send(port, `${method} ${target} HTTP/1.1\r\n${linesOf(all)}\r\n`)
}

/** What a browser sends to open the WebSocket. */
export function upgradeHead({ origin }: Pick<TestServer, 'origin'>, head: Head = {}): Head {
  return { Origin: origin, Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==', ...head }
}

function linesOf(head: Head): string {
  return Object.entries(head)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => (one === undefined ? '' : `${name}: ${one}\r\n`)))
    .join('')
}

/** A line that is open and says nothing; the result tells whether the other end has closed it. */
export function silentLine(port: number, bytes = ''): { closed: () => boolean; line: Socket } {
  let closed = false
  const line = connect(port, '127.0.0.1', () => line.write(bytes))
  line.on('close', () => (closed = true))
  line.on('error', () => undefined)
  undo.push(() => void line.destroy())
  return { closed: () => closed, line }
}
