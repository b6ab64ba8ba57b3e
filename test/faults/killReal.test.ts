/**
 * A real process, killed with SIGKILL at random moments and at every named point, then resumed: its digest must be that of a run that was
 * never interrupted (F1 to F4). A deliberately naive writer under the same harness must fail, or the harness proves nothing.
 * CELLSCOPE_KILLS sets the number of random kills (nightly 200), CELLSCOPE_SEED the moments.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { CheckpointStore } from '../../src/storage/checkpointStore.js'
import { bundleChild } from './bundleChild.js'
import { killAtRandom, runOnce } from './killHarness.js'
import { naiveDigest, naiveRun } from './naiveRun.js'
import { toyDigest, toyRun } from './toyRun.js'

const kills = Number(process.env['CELLSCOPE_KILLS'] ?? 8)
const seed = Number(process.env['CELLSCOPE_SEED'] ?? 1)
let program = ''
let folder = ''

beforeAll(async () => {
  program = await bundleChild(new URL('toyChild.ts', import.meta.url).pathname)
})
afterAll(() => fs.rmSync(path.dirname(program), { recursive: true, force: true }))
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cellscope-kill-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

const at = (name: string): string => path.join(folder, name)

function start(kind: 'careful' | 'naive', run: string, numbers: number[], fault = ''): ChildProcess {
  const env = { ...process.env, CELLSCOPE_FAULT: fault }
  return spawn(process.execPath, [program, kind, run, ...numbers.map(String)], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

test(`${kills} kills at random moments: the same digest (seed ${seed})`, async () => {
  // Large enough that a good part of the time goes into writing, so that kills land there.
  const [steps, checkpointSteps, size] = [40 * kills, 5, 60_000]
  toyRun(at('straight'), { steps, checkpointSteps, size })
  const outcome = await killAtRandom({
    start: () => start('careful', at('killed'), [steps, checkpointSteps, size]),
    kills,
    mostWorkMs: 120,
    seed
  })
  console.log(`kills ${outcome.kills}, starts ${outcome.starts}, finished early: ${outcome.finishedEarly}`)
  expect(outcome.kills).toBeGreaterThan(kills / 2)
  expect(toyDigest(at('killed'))).toBe(toyDigest(at('straight')))
})

test('a kill at every named point, one after the other: no damage on the way, the same digest at the end', async () => {
  const numbers = [150, 2, 8]
  const points = [
    'run.afterTemp:1',
    'journal.midLine:1',
    'journal.midLine:3',
    'journal.afterSync:3',
    'checkpoint.afterState:2',
    'checkpoint.afterTemp:2',
    'checkpoint.afterRename:1',
    'atomicFile.afterTemp:3',
    'atomicFile.afterRename:3',
    'checkpoint.afterLatest:3',
    'checkpoint.midPrune:1',
    'checkpoint.afterPrune:4',
    'journal.afterCut:1'
  ]
  for (const point of points) {
    expect([point, await runOnce(start('careful', at('killed'), numbers, `${point}:kill`), undefined)]).toEqual([point, 'killed'])
    if (fs.existsSync(at('killed'))) expect(CheckpointStore.openForReading(at('killed')).loadLatest()?.report.damaged ?? []).toEqual([])
  }
  expect(await runOnce(start('careful', at('killed'), numbers), undefined)).toBe('finished')
  toyRun(at('straight'), { steps: numbers[0], checkpointSteps: numbers[1], size: numbers[2] })
  expect(toyDigest(at('killed'))).toBe(toyDigest(at('straight')))
})

test('a naive writer is caught by the same harness', async () => {
  const [steps, checkpointSteps, size] = [40 * kills, 5, 60_000]
  for (const name of ['straight', 'again']) naiveRun(at(name), { steps, checkpointSteps, size, onStep: () => undefined })
  // Undisturbed it is as exact as the careful one: only the kills tell them apart.
  expect(naiveDigest(at('again'))).toBe(naiveDigest(at('straight')))
  let found = ''
  try {
    await killAtRandom({ start: () => start('naive', at('killed'), [steps, checkpointSteps, size]), kills, mostWorkMs: 60, seed })
    if (naiveDigest(at('killed')) !== naiveDigest(at('straight'))) found = 'the digest differs'
  } catch (error) {
    found = String(error)
  }
  expect(found).toMatch(/the digest differs|expected 480008 bytes, found/)
})
