/** Candidates compared for equal minutes, and a target that is a share of a hand-made network's latency, in a real run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { largestHandmade } from '../../src/core/handmade.js'
import { tableLatencyMs } from '../../src/core/latency/tableLatency.js'
import { openRunContext } from '../../src/engine/openRunContext.js'
import { runPipeline } from '../../src/engine/pipeline.js'
import { parseSettings } from '../../src/shared/config/parseSettings.js'
import type { JournalEntry } from '../../src/shared/events.js'
import type { Fingerprint } from '../../src/shared/protocol.js'
import { readJsonFile } from '../../src/storage/jsonFile.js'
import { readJournal } from '../../src/storage/readJournal.js'
import { runDescription } from '../../src/storage/runDescription.js'
import { RunFolder } from '../../src/storage/runFolder.js'
import { smallSettings, smallTable } from '../faults/smallRun.js'

const fingerprint: Fingerprint = { cellscope: '0', tensorflow: '2', threads: 2, oneDnn: true, cpu: 'x', device: 'cpu' }
const patience = 240_000 * Number(process.env['CELLSCOPE_PATIENCE'] ?? 1)
const candidateSteps = 3
/** As if the first plain network trained twice as fast as the likeliest. */
const keptPace = { stepSeconds: 1, likeliestStepSeconds: 2 }

let folder = ''
let run: RunFolder
let journal: JournalEntry[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candidates '))
  const table = join(folder, 'table.json')
  writeFileSync(table, JSON.stringify(smallTable))
  const small = smallSettings(table)
  const search = {
    ...small.search, targetLatencyMs: 0, targetLatencyShare: 0.5, candidates: 3, candidatesPlain: true, candidateSteps, candidateBudget: 'minutes', candidateRounds: 2
  } as const
  run = RunFolder.create(join(folder, 'run'), { name: 'run', job: 'search', settings: parseSettings({ ...small, search }, 'test') })
  run.addInput('candidate-decoupled-1-pace.json', JSON.stringify(keptPace))
  expect(runDescription(run).target.latencyMs).toBeNull()
  const port = { send: () => undefined, onCommand: () => undefined, onClose: () => undefined, drained: () => Promise.resolve() }
  const opened = await openRunContext({ command: { command: 'run', runFolder: run.path, acceptInexact: false }, fingerprint, port, showLife: () => undefined })
  expect(await runPipeline(opened.context)).toBe('finished')
  await opened.close()
  run = RunFolder.open(run.path)
  journal = readJournal(run.journalPath).entries
}, patience)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const judged = (): Extract<JournalEntry, { type: 'candidate-judged' }>[] => journal.flatMap((entry) => (entry.type === 'candidate-judged' ? [entry] : []))

it('takes half of the latency of the largest hand-made network as its target, and says so', () => {
  const half = tableLatencyMs(largestHandmade({ ...run.manifest.settings.space, classes: 12 }), smallTable) / 2
  expect(run.manifest.targetLatencyMs).toBeCloseTo(half, 9)
  expect(runDescription(run).target.latencyMs).toBeCloseTo(half, 9)
  expect(journal.some((entry) => entry.type === 'note' && entry.text.startsWith(`Target latency: ${half.toFixed(2)} ms, 0.5 of`))).toBe(true)
  const { objective, meanIoU, latencyMs } = judged()[0]
  expect(objective).toBeCloseTo(meanIoU * (latencyMs / half) ** run.manifest.settings.search.latencyExponent, 9)
})

it('trains each candidate as long as the likeliest takes for its steps, by the pace that was measured once', () => {
  const first = judged().filter(({ round }) => round === 0)
  expect(first.map(({ candidate, plain }) => [candidate, plain ?? false])).toEqual([[0, false], [1, true], [2, false]])
  expect(first[0].steps).toBe(candidateSteps)
  expect(first[1].steps).toBe(2 * candidateSteps)
  const { stepSeconds, likeliestStepSeconds } = readJsonFile(join(run.path, 'inputs', 'candidate-decoupled-2-pace.json')) as typeof keptPace
  expect(stepSeconds).toBeGreaterThan(0)
  expect(first[2].steps).toBe(Math.max(1, Math.round((candidateSteps * likeliestStepSeconds) / stepSeconds)))
})
