import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeEngine } from '../../src/headless/spawnEngine.js'
import type { Settings } from '../../src/shared/config/settings.js'
import { openPage, type PageReport } from '../page/openPage.js'
import { serveFolder } from '../page/serveFolder.js'
import { anyTable } from './anyTable.js'
import { costFile, orderFile, type StepCosts, type TurnOrder } from './turns.js'

const run = 'bench'

export interface Counted extends StepCosts {
  page: PageReport
  /** Processor time of host and page together, the start of the run included. */
  othersCpuMs: number
}

/** A search on streets with a host, an engine of its own and a page that watches it, up to the last step of `order`; latencies are made up. */
export async function runCounted(settings: Settings, order: TurnOrder): Promise<Counted> {
  const folder = mkdtempSync(join(tmpdir(), 'cellscope-bench-'))
  try {
    writeFileSync(join(folder, orderFile), JSON.stringify(order))
    const served = await serveFolder(folder, nodeEngine(join(__dirname, 'countedEngine.cjs')), 'desktop')
    const table = join(folder, 'table.json')
    writeFileSync(table, JSON.stringify(anyTable(settings)))
    const requests = [
      { name: 'startRun' as const, input: { job: 'search', name: run, settings: { ...settings, latency: { ...settings.latency, table } } } },
      { name: 'watchRun' as const, input: { run, fromSequence: 1 } }
    ]
    const before = process.cpuUsage()
    const page = await openPage({ ...served.door, requests, entries: Number.MAX_SAFE_INTEGER })
    const { user, system } = process.cpuUsage(before)
    await served.close()
    if (page.over !== 'stopped') throw new Error(`The run should have been stopped by its engine, but it is ${page.over}. ${page.error ?? ''}`)
    return { ...(JSON.parse(readFileSync(join(folder, 'runs', run, costFile), 'utf8')) as StepCosts), page, othersCpuMs: (user + system) / 1000 + page.cpuMs }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
