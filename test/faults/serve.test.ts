/**
 * The real server with the real engine: a run that was started from a page, and then Ctrl-C, or the server killed. No process is left
 * behind, the run goes on to its end, and a page that watches it has every entry of its journal once.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { letIn, socketEnd } from '../contract/lines.js'
import { journalOf, pageOn, type TestPage } from '../unit/host/desk/testDesk.js'
import { smallSettings } from './smallRun.js'

const program = fileURLToPath(new URL('../../bin/cellscope.js', import.meta.url))
const builtPages = fileURLToPath(new URL('../../out/workbench/index.html', import.meta.url))
/** On a machine that does other work besides, CELLSCOPE_PATIENCE=5 gives five times the time before it counts as hanging. */
const patience = Number(process.env['CELLSCOPE_PATIENCE'] ?? 1)
let folder = ''
const children: ChildProcess[] = []

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cellscope-serve-'))
})
afterAll(() => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL')
  fs.rmSync(folder, { recursive: true, force: true })
})

async function serve(): Promise<{ server: ChildProcess; page: TestPage; ended: Promise<number | null> }> {
  const server = spawn(process.execPath, [program, 'serve', '--json', '--no-open', '--workspace', path.join(folder, 'work')], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(server)
  let out = ''
  server.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => server.once('close', (code) => resolve(code)))
  const address = await eventually('the address', () => /"address":"([^"]+)"/.exec(out)?.[1])
  const { socket, origin, cookie } = await letIn(address)
  const page = await new Promise<TestPage>((resolve, reject) => {
    const opened = new WebSocket(socket, { origin, headers: { cookie } })
    opened.once('open', () => resolve(pageOn(socketEnd(opened))))
    opened.once('error', reject)
  })
  return { server, page, ended }
}

async function eventually<Found>(what: string, find: () => Found | undefined): Promise<Found> {
  for (const end = Date.now() + 100_000 * patience; ;) {
    const found = find()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const yes = (is: boolean): true | undefined => (is ? true : undefined)

function childrenOf(pid: number): number[] {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).trim().split('\n').map(Number)
  } catch {
    return []
  }
}

function isAlive(pid: number): boolean {
  try {
    // A dead child of a killed parent may still stand in the table until somebody takes note of it.
    return process.kill(pid, 0) && !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

test.skipIf(!fs.existsSync(builtPages))(
  'Ctrl-C in the middle of a run that a page started: a checkpoint, no orphan; then the server is killed; the run is resumed from a page to its end',
  async () => {
    const first = await serve()
    await first.page.ask('startRun', { job: 'run', name: 'broken', settings: smallSettings('') })
    await first.page.ask('watchRun', { run: 'broken', fromSequence: 1 })
    await eventually('a step of the search', () => yes(journalOf(first.page, 'broken').length > 8))
    const engines = childrenOf(first.server.pid!)
    expect(engines.length).toBe(1)
    first.server.kill('SIGINT')
    expect(await first.ended).toBe(130)
    expect(engines.filter(isAlive)).toEqual([])

    const second = await serve()
    const standing = (await second.page.ask('listRuns', {}))[0]
    expect(standing).toMatchObject({ name: 'broken', progress: 'unfinished', live: null })
    await second.page.ask('watchRun', { run: 'broken', fromSequence: 1 })
    await second.page.ask('resumeRun', { run: 'broken' })
    const before = journalOf(second.page, 'broken').length
    await eventually('more of the run', () => yes(journalOf(second.page, 'broken').length > before + 8))
    const orphans = childrenOf(second.server.pid!)
    second.server.kill('SIGKILL')
    await second.ended
    await eventually('the engine leaves by itself', () => yes(orphans.every((pid) => !isAlive(pid))))

    const third = await serve()
    await third.page.ask('watchRun', { run: 'broken', fromSequence: 1 })
    await third.page.ask('resumeRun', { run: 'broken' })
    await eventually('the end', () => yes(third.page.news.some((news) => news.news === 'state' && news.over !== null)))
    expect(third.page.news.find((news) => news.news === 'state' && news.over !== null)).toMatchObject({ over: 'finished', error: null })
    const sequences = journalOf(third.page, 'broken').map(({ sequence }) => sequence)
    expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, index) => index + 1))
    expect(third.page.news.filter((news) => news.news === 'journal' && news.cutTo !== undefined)).toEqual([])
    const described = await third.page.ask('describeRun', { run: 'broken' })
    const started = journalOf(third.page, 'broken').filter((entry) => 'type' in entry && entry.type === 'stage-started') as unknown as { stage: string; variant?: string; steps: number }[]
    expect(described.plan).toEqual(started.map(({ stage, variant, steps }) => ({ stage, variant: variant ?? '', steps })))
    third.server.kill('SIGTERM')
    expect(await third.ended).toBe(143)
  },
  300_000 * patience
)
