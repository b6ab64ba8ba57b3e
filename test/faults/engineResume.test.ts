/**
 * The promise of docs/reliability.md, with the real engine and the real command line: a run that was killed or stopped ends with the digest
 * of one that never was. CELLSCOPE_KILLS sets the number of kills (nightly 200), CELLSCOPE_SEED the moments; both are printed.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSafetensors } from '../../src/storage/safetensors.js'
import { EngineRuns, planKills, runUnderKills, type Line } from './engineRun.js'

const kills = Number(process.env['CELLSCOPE_KILLS'] ?? 3)
const seed = Number(process.env['CELLSCOPE_SEED'] ?? 1)
/** A run of some seconds has no room for more. */
const mostKillsARun = 5
const rounds = Math.ceil(kills / mostKillsARun)
/** On two idle cores a run takes some 10 s. A machine that does other work besides gets more time with CELLSCOPE_PATIENCE=5. */
const patience = 240_000 * Number(process.env['CELLSCOPE_PATIENCE'] ?? 1)

let folder = ''
let runs: EngineRuns
/** Of the run that nobody disturbed. */
let digest = ''
let events = 0

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cellscope-engine-'))
  runs = new EngineRuns(folder)
  const { code, lines, error } = await runs.run('straight').end
  expect([code, error]).toEqual([0, ''])
  digest = runs.digest('straight')
  events = lines.filter(({ message }) => message === 'event').length
}, patience)
afterAll(() => {
  runs.killAll()
  fs.rmSync(folder, { recursive: true, force: true })
})

const step = (stage: string, least: number) => ({ entry }: Line) => entry?.type === 'step' && entry.stage === stage && entry.step >= least

/** Begins a run and stops it with the signal after that line; it is left with a checkpoint. */
async function stopped(name: string, signal: 'SIGINT' | 'SIGTERM', at: (line: Line) => boolean, begin = runs.run(name)): Promise<number | null> {
  expect(await begin.seen(at)).toBe(true)
  begin.process.kill(signal)
  const { code, lines } = await begin.end
  expect(lines.some(({ message }) => message === 'stopped')).toBe(true)
  return code
}

async function finish(name: string, flags: readonly string[] = []): Promise<Line[]> {
  const { code, lines, error } = await runs.resume(name, flags).end
  expect([code, error]).toEqual([0, ''])
  return lines
}

test(
  `${kills} kills at random moments: the same digest (seed ${seed})`,
  async () => {
    for (let round = 0; round < rounds; round++) {
      const plans = planKills(seed + round, Math.min(mostKillsARun, kills - round * mostKillsARun), events)
      const { landed, starts } = await runUnderKills(runs, `killed-${round}`, plans)
      console.log(`seed ${seed + round}: ${landed.map((plan) => `${plan.victim} after event ${plan.sequence} + ${plan.delayMs} ms`).join(', ')}; ${starts} starts`)
      expect(landed.length).toBeGreaterThan(0)
      expect(runs.digest(`killed-${round}`)).toBe(digest)
      fs.rmSync(runs.path(`killed-${round}`), { recursive: true })
    }
  },
  rounds * patience
)

test('an engine that dies at every eighth checkpoint, between writing and naming it: started again by the command line, the same digest', async () => {
  const { code, lines, error } = await runs.run('dying', [], 'checkpoint.afterTemp:8:kill').end
  expect([code, error]).toEqual([0, ''])
  const starts = lines.filter(({ message }) => message === 'ready').length
  expect(starts).toBeGreaterThan(2)
  expect(fs.readdirSync(runs.path('dying', 'incidents'))).toHaveLength(starts - 1)
  expect(runs.digest('dying')).toBe(digest)
}, patience)

test('Ctrl-C in the search and SIGTERM in the training: exit codes, a checkpoint each time, the same digest', async () => {
  expect(await stopped('stopped', 'SIGINT', step('search', 1))).toBe(130)
  expect(await stopped('stopped', 'SIGTERM', step('train-student', 3), runs.resume('stopped'))).toBe(143)
  await finish('stopped')
  expect(runs.digest('stopped')).toBe(digest)
}, patience)

test('what would break exactness is refused by name; a damaged checkpoint is said and passed over; the same digest', async () => {
  await stopped('damaged', 'SIGINT', step('train-teacher', 3))
  const refused = await runs.resume('damaged', ['--search.lambda', '0.5', '--run.threads', '1']).end
  expect(refused.code).toBe(1)
  expect(refused.lines[0].error).toMatchObject({ code: 'settings.changed-on-resume' })
  expect(refused.lines[0].error?.message).toContain('search.lambda (was 0.01, now 0.5), run.threads (was 2, now 1)')

  const names = fs.readdirSync(runs.path('damaged', 'checkpoints')).sort()
  const newest = runs.path('damaged', 'checkpoints', names[names.length - 1], 'state.safetensors')
  const bytes = fs.readFileSync(newest)
  bytes[bytes.length >> 1] ^= 1
  fs.writeFileSync(newest, bytes)
  const lines = await finish('damaged', ['--run.checkpointSteps', '3'])
  const notices = lines.filter(({ message }) => message === 'notice').map(({ text }) => text)
  expect(notices.join('\n')).toContain(`Checkpoint ${names[names.length - 1]} is damaged`)
  expect(notices.join('\n')).toContain(`the run goes on from ${names[names.length - 2]}`)
  expect(runs.digest('damaged')).toBe(digest)
}, patience)

test('another engine is refused by name', async () => {
  await stopped('other', 'SIGINT', step('pretrain', 2))
  const file = runs.path('other', 'manifest.json')
  const manifest = JSON.parse(fs.readFileSync(file, 'utf8')) as { fingerprint: Record<string, unknown> }
  fs.writeFileSync(file, JSON.stringify({ ...manifest, fingerprint: { ...manifest.fingerprint, tensorflow: '0.1' } }))
  const { code, lines } = await runs.resume('other').end
  const failure = lines.find(({ message }) => message === 'failed')?.error
  expect([code, failure?.code]).toEqual([1, 'settings.fingerprint'])
  expect(failure?.message).toContain('tensorflow was 0.1 and is 2.')
  expect(failure?.hint).toContain('--accept-inexact')
}, patience)

test('numbers that are not finite end the run with a named error and never reach a checkpoint', async () => {
  const { code, lines } = await runs.run('infinite', ['--pretrain.learningRate', '1e9', '--pretrain.clipNorm', '0', '--pretrain.stepsPerEpoch', '10']).end
  const failure = lines.find(({ message }) => message === 'failed')?.error
  expect([code, failure?.code]).toEqual([3, 'training.not-finite'])
  expect(lines.filter(({ entry }) => entry?.type === 'step-refused')).toHaveLength(3)
  const names = fs.readdirSync(runs.path('infinite', 'checkpoints'))
  expect(names.length).toBeGreaterThan(0)
  for (const name of names) readSafetensors(runs.path('infinite', 'checkpoints', name, 'state.safetensors'), { finite: true })
}, patience)
