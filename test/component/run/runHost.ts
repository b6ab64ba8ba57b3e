/** A fake host that has one run, with an invented journal. It says the journal to those who watch, as far as `upTo`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { latencyKeys } from '../../../src/core/latency/latencyKeys.js'
import { reportData } from '../../../src/engine/report/reportData.js'
import type { RunDescription } from '../../../src/shared/clientProtocol.js'
import type { JournalEntry, Stage } from '../../../src/shared/events.js'
import { latencyKeyText, type LatencyTable } from '../../../src/shared/latencyTable.js'
import type { ReportData } from '../../../src/shared/report.js'
import { writeSyntheticRun, type SyntheticRun } from '../../unit/engine/report/syntheticRun.js'
import { fakeHost, type FakeHost, type Handlers } from '../workbench/fakeHost.js'

export interface RunHost extends FakeHost {
  run: string
  report: ReportData
  description: RunDescription
  entries: JournalEntry[]
  /** Entries that are there already when somebody watches. */
  upTo: number
  /** Says the next entries, up to this sequence. */
  goOn: (upTo: number) => void
}

const run = 'street'

export function syntheticReport(options: Partial<SyntheticRun> = {}): ReportData {
  const root = mkdtempSync(join(tmpdir(), 'run-pages-'))
  try {
    return reportData(writeSyntheticRun({ folder: join(root, run), name: run, steps: 80, ...options }))
  } finally {
    rmSync(root, { recursive: true })
  }
}

export function runHost(report: ReportData, changed: Partial<RunDescription> = {}, handlers: Handlers = {}): RunHost {
  const { events, thinned: _thinned, pictures, picturesLeftOut: _leftOut, ...facts } = report
  const description: RunDescription = { ...facts, job: 'run', progress: 'finished', live: null, plan: planOf(events), ...changed }
  const base = fakeHost({
    describeRun: () => host.description,
    watchRun: ({ fromSequence }: { fromSequence: number }) => {
      const entries = host.entries.slice(fromSequence - 1, host.upTo)
      if (entries.length > 0) queueMicrotask(() => host.say({ news: 'journal', run, entries }))
      return {}
    },
    listPictures: () => ({
      classes: facts.classes,
      pictures: pictures.map(({ id, height, width, sources }, index) => ({ id, height, width, kinds: Object.keys(sources), studentMeanIoU: 0.2 + index / 10 }))
    }),
    readPicture: ({ id }: { id: string }) => pictures.find((picture) => picture.id === id)!,
    readLatencyTable: () => null,
    ...handlers
  })
  const host: RunHost = Object.assign(base, {
    run, report, description, entries: events, upTo: events.length,
    goOn(upTo: number) {
      const entries = host.entries.slice(host.upTo, upTo)
      host.upTo = upTo
      host.say({ news: 'journal', run, entries })
    }
  })
  return host
}

/** The invented journal has no end of every stage; its plan is what it began. */
function planOf(events: readonly JournalEntry[]): RunDescription['plan'] {
  const begun = events.flatMap((event) => (event.type === 'stage-started' ? [{ stage: event.stage, variant: event.variant ?? '', steps: event.steps }] : []))
  const later: Stage[] = ['evaluate', 'export', 'report']
  return [...begun, ...later.map((stage) => ({ stage, variant: '', steps: 0 }))]
}

/** A table in which every part takes a millisecond for each of its output channels, a call none. */
export function tableOf({ space, target }: Pick<ReportData, 'space' | 'target'>): LatencyTable {
  const keys = latencyKeys(space, target)
  return {
    version: 1, name: 'invented', height: target.height, width: target.width, warmup: 1, repeats: 1, callMs: 0, measuredAt: '2026-01-01T00:00:00Z',
    machine: { cpu: 'none', cores: 1, memoryBytes: 1, platform: 'none' }, runtime: { name: 'none', version: '0', threads: 1 },
    entries: Object.fromEntries(keys.map((key) => [latencyKeyText(key), { medianMs: key.outChannels, deviationMs: 0, count: 1 }]))
  }
}
