/**
 * How long a page waits for the journal of a long run, and how long the host stands still meanwhile. The page is a process with a
 * WebSocket, as far from the host as a browser on this machine. On a busy machine only the processor time says something. `npm run bench -- openLongRun [events] [--pages 7] [--json]`
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { logitShapes } from '../src/core/lattice.js'
import { randomStream } from '../src/core/random.js'
import type { ArchitectureLogits } from '../src/shared/architecture.js'
import { settingsSchema } from '../src/shared/config/settings.js'
import { Workspace } from '../src/storage/workspace.js'
import { openPage, type PageReport } from './page/openPage.js'
import { serveFolder, type ServedFolder } from './page/serveFolder.js'
import { spread, type Spread } from './turns/spread.js'

/** One event in a hundred holds the architecture of a small search. */
const architectureEvery = 100
const layers = 8

export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { pages: { type: 'string', default: '7' }, json: { type: 'boolean', default: false } } })
  const events = Number(positionals[0] ?? '100000')
  const folder = mkdtempSync(join(tmpdir(), 'cellscope-bench-'))
  try {
    const journalPath = writeRun(folder, events)
    const served = await serveFolder(folder, () => {
      throw new Error('No engine is started here.')
    })
    const opened: Opened[] = []
    while (opened.length < Number(values.pages)) opened.push(await openOnce(served, events))
    await served.close()
    const [wholeMs, firstMs, hostMs, stillMs] = (['wholeMs', 'firstMs', 'hostMs', 'stillMs'] as const).map((key) => spread(opened.map((one) => one[key])))
    const { messages, gaps } = opened[0]
    const sizeMB = statSync(journalPath).size / 1e6
    if (values.json) return console.log(JSON.stringify({ events, sizeMB, pages: opened.length, wholeMs, firstMs, hostMs, stillMs, messages, gaps }))
    console.log(
      `${events} events (${sizeMB.toFixed(1)} MB), ${opened.length} pages: all after ${inMs(wholeMs)}, first after ${inMs(firstMs)}, ${messages} messages, ${gaps} gaps; ` +
        `host: ${inMs(hostMs)} of processor time, ${inMs(stillMs)} at most without a turn for others`
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

type Opened = PageReport & { hostMs: number; stillMs: number }

/** Processor time of the host, and the longest that it gave no other page a turn. */
async function openOnce({ door }: ServedFolder, events: number): Promise<Opened> {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const before = process.cpuUsage()
  const seen = await openPage({ ...door, requests: [{ name: 'watchRun', input: { run: 'long', fromSequence: 1 } }], entries: events })
  delay.disable()
  const { user, system } = process.cpuUsage(before)
  return { ...seen, hostMs: (user + system) / 1e3, stillMs: delay.max / 1e6 }
}

function inMs({ median, range: [least, most] }: Spread): string {
  return `${median.toFixed(0)} ms (${least.toFixed(0)} to ${most.toFixed(0)})`
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
