/**
 * How long a page waits for the journal of a long run, and how long the host stands still meanwhile. The page is a process with a
 * WebSocket, as far from the host as a browser on this machine. On a busy machine only the processor time says something. `npm run bench -- openLongRun [events]`
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { logitShapes } from '../src/core/lattice.js'
import { randomStream } from '../src/core/random.js'
import { startServer } from '../src/headless/server/startServer.js'
import { openDesk } from '../src/host/desk/openDesk.js'
import type { ArchitectureLogits } from '../src/shared/architecture.js'
import { settingsSchema } from '../src/shared/config/settings.js'
import { Workspace } from '../src/storage/workspace.js'

/** One event in a hundred holds the architecture of a small search. */
const architectureEvery = 100
const layers = 8

const pageProgram = `
  const workerData = JSON.parse(process.argv[1])
  const { WebSocket } = require(workerData.ws)
  const socket = new WebSocket(workerData.address, { origin: workerData.origin, headers: { cookie: workerData.cookie } })
  let entries = 0, messages = 0, bytes = 0, begun = 0, first = 0, gaps = 0
  socket.on('open', () => { begun = performance.now(); socket.send(JSON.stringify({ request: 1, name: 'watchRun', input: { run: 'long', fromSequence: 1 } })) })
  socket.on('message', (data) => {
    const message = JSON.parse(data)
    if (message.news !== 'journal') return
    first ||= performance.now() - begun
    for (const { sequence } of message.entries) if (sequence !== ++entries) gaps++
    messages++
    bytes += data.length
    if (entries >= workerData.events) { console.log(JSON.stringify({ wholeMs: performance.now() - begun, firstMs: first, messages, bytes, gaps })); socket.terminate() }
  })
`

interface Opened {
  wholeMs: number
  firstMs: number
  messages: number
  bytes: number
  gaps: number
}

export async function main([count = '100000']: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cellscope-bench-'))
  const events = Number(count)
  try {
    const journalPath = writeRun(folder, events)
    writeFileSync(join(folder, 'index.html'), '<!doctype html>')
    const desk = openDesk({
      workspace: folder,
      shell: 'browser',
      spawn: () => {
        throw new Error('No engine is started here.')
      }
    })
    const server = await startServer(desk, { pages: folder })
    const { origin, host } = new URL(server.url)
    const cookie = ((await fetch(server.url, { redirect: 'manual' })).headers.get('set-cookie') ?? '').split(';')[0]
    for (const turn of ['first', 'second']) {
      const delay = monitorEventLoopDelay({ resolution: 5 })
      delay.enable()
      const before = process.cpuUsage()
      const opened = await open({ address: `ws://${host}/socket`, origin, cookie, events })
      delay.disable()
      const { user, system } = process.cpuUsage(before)
      const still = `${(delay.max / 1e6).toFixed(0)} ms at most without a turn for others`
      console.log(
        `${turn} page: ${events} events (${(statSync(journalPath).size / 1e6).toFixed(1)} MB), first after ${opened.firstMs.toFixed(0)} ms, all after ` +
          `${opened.wholeMs.toFixed(0)} ms in ${opened.messages} messages of ${(opened.bytes / opened.messages / 1e6).toFixed(1)} MB, ${opened.gaps} gaps; ` +
          `host: ${((user + system) / 1e3).toFixed(0)} ms of processor time, ${still}`
      )
    }
    await desk.close()
    await server.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function writeRun(folder: string, events: number): string {
  const run = Workspace.open(folder).createRun({ name: 'long', job: 'search', settings: settingsSchema.parse({}) })
  const { journal } = run.startWork()
  const random = randomStream(1, 'bench')
  const shapes = logitShapes(layers, 3)
  const rows = (key: keyof ArchitectureLogits): number[][][] =>
    shapes[key].map(([height, width]) => Array.from({ length: height }, () => Array.from({ length: width }, () => random.normal())))
  const logits = (): ArchitectureLogits => ({ alpha: rows('alpha'), beta: rows('beta'), gamma: rows('gamma') })
  for (let step = 1; step <= events; step++) {
    if (step % architectureEvery > 0) journal.append({ type: 'step', stage: 'search', variant: 'decoupled', step, loss: random.uniform(), learningRate: 0.02 })
    else {
      journal.append({
        type: 'architecture', variant: 'decoupled', step, teacher: logits(), student: logits(), latencyMs: { teacher: 9, student: 8, derived: 7 },
        latencyTerms: { operators: 1, scales: 1, widths: 1, joint: 1, loss: 1 }, lambda: 0.01, entropy: { alpha: 1, beta: 1, gamma: 1 }, skipFraction: 0, narrowFraction: 0
      })
    }
  }
  journal.close()
  return run.journalPath
}

function open(where: { address: string; origin: string; cookie: string; events: number }): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const page = spawn(process.execPath, ['-e', pageProgram, JSON.stringify({ ...where, ws: require.resolve('ws') })], { stdio: ['ignore', 'pipe', 'inherit'] })
    page.once('error', reject)
    page.stdout.once('data', (said: Buffer) => resolve(JSON.parse(said.toString()) as Opened))
  })
}
