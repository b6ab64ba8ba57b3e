/** The single jobs with the real engine, as the worker runs them. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deriveArchitecture } from '../../src/core/derive.js'
import { logitShapes } from '../../src/core/lattice.js'
import { openSession } from '../../src/engine/graph/session.js'
import { runJob } from '../../src/engine/job.js'
import { jobs } from '../../src/engine/jobs.js'
import type { ArchitectureLogits, SearchSpace } from '../../src/shared/architecture.js'
import { parseSettings } from '../../src/shared/config/parseSettings.js'
import { AppError } from '../../src/shared/errors.js'
import { exportFormats } from '../../src/shared/jobInputs.js'
import { Journal } from '../../src/storage/journal.js'
import { RunFolder } from '../../src/storage/runFolder.js'
import { randomStream } from '../../src/core/random.js'

let folder = ''
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'jobs '))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const settings = parseSettings(
  {
    data: { height: 64, width: 64, streetsTrain: 2, streetsVal: 1 },
    space: { layers: 4, baseWidth: 1, widths: [4, 12], branchPairs: ['16,32'] },
    latency: { height: 64, width: 64, repeats: 1, warmup: 0 }
  },
  'test'
)
const space: SearchSpace = { ...settings.space, classes: 12 }

function logits(seed: number): ArchitectureLogits {
  const random = randomStream(seed, 'logits')
  const shapes = logitShapes(space.layers, space.widths.length)
  const rows = (key: keyof ArchitectureLogits): number[][][] =>
    shapes[key].map(([count, columns]) => Array.from({ length: count }, () => Array.from({ length: columns }, () => random.normal())))
  return { alpha: rows('alpha'), beta: rows('beta'), gamma: rows('gamma') }
}

function derived(seed: number): ReturnType<typeof deriveArchitecture> {
  return deriveArchitecture(space, logits(seed), { finalScales: [16, 32], rules: 'ours', forbidSkip: false, stemWidth: 8, name: 'student' })
}

function run(name: string, input: unknown): Promise<unknown> {
  return runJob(jobs, name, input, { progress: () => undefined, stopRequested: () => false })
}

function architectureFile(): string {
  const file = join(folder, 'architecture.json')
  writeFileSync(file, JSON.stringify(derived(1)))
  return file
}

const untrained = { network: 'student', weights: { kind: 'random', seed: 5 }, height: 64, width: 64 } as const

describe('export', () => {
  it('writes an untrained network as ONNX, the same bytes for the same seed, which ONNX Runtime runs', async () => {
    const model = architectureFile()
    const [first, second, other] = ['a.onnx', 'b.onnx', 'c.onnx'].map((name) => join(folder, name))
    await run('export', { ...untrained, model, format: 'onnx', out: first })
    await run('export', { ...untrained, model, format: 'onnx', out: second })
    await run('export', { ...untrained, model, format: 'onnx', out: other, weights: { kind: 'random', seed: 6 } })
    expect(readFileSync(first).equals(readFileSync(second))).toBe(true)
    expect(readFileSync(first).equals(readFileSync(other))).toBe(false)
    const session = await openSession(readFileSync(first), { threads: 1 })
    const logits = (await session.run(new Float32Array(3 * 64 * 64).fill(0.5))).get('logits')
    await session.close()
    expect(logits?.data).toHaveLength(12 * 64 * 64)
    expect((logits?.data as Float32Array).every(Number.isFinite)).toBe(true)
  })

  it.each(exportFormats.filter((format) => format !== 'folder'))('writes %s, and nothing beside it', async (format) => {
    const out = join(folder, `deep-${format}`, 'written')
    await run('export', { ...untrained, model: architectureFile(), format, out })
    expect(readdirSync(join(folder, `deep-${format}`))).toEqual(['written'])
    if (format === 'tfjs') expect(existsSync(join(out, 'model.json'))).toBe(true)
  })

  it.each([
    ['trained weights that are not there', { weights: { kind: 'trained' }, format: 'onnx' }, 'student has no trained weights.'],
    ['a folder without images to compare on', { format: 'folder' }, 'only a run knows its images'],
    ['a model that is not there', { model: '/nowhere/architecture.json', format: 'onnx' }, '/nowhere/architecture.json does not exist.']
  ])('refuses %s', async (_, change, sentence) => {
    const input = { ...untrained, model: architectureFile(), out: join(folder, 'never'), ...change }
    await expect(run('export', input)).rejects.toThrow(sentence)
    await expect(run('export', input)).rejects.toBeInstanceOf(AppError)
    expect(existsSync(join(folder, 'never'))).toBe(false)
  })
})

describe('derive', () => {
  it('derives what the search stood for at any step', async () => {
    const searched = RunFolder.create(join(folder, 'searched'), { name: 'searched', job: 'search', settings })
    const journal = Journal.open(searched.journalPath)
    for (const step of [1, 2]) {
      journal.append({
        type: 'architecture',
        variant: 'decoupled',
        step,
        teacher: logits(10 + step),
        student: logits(step),
        latencyMs: { teacher: 1, student: 1, derived: 1 },
        latencyTerms: { operators: 1, scales: 1, widths: 1, joint: 1, loss: 1 },
        lambda: 0.01,
        entropy: { alpha: 1, beta: 1, gamma: 1 },
        skipFraction: 0,
        narrowFraction: 0
      })
    }
    const input = { run: searched.path, variant: '', network: 'student', out: join(folder, 'derived.json') }
    journal.sync()
    await expect(run('derive', { ...input, step: null })).rejects.toThrow('has not derived the student of its decoupled search yet')
    const last = { architecture: derived(2), parameters: 1, multiplyAdds: 1, predictedLatencyMs: 1 }
    journal.append({ type: 'derived', variant: 'decoupled', network: 'student', trained: true, ...last })
    journal.close()
    await run('derive', { ...input, step: null })
    expect(JSON.parse(readFileSync(input.out, 'utf8'))).toEqual(JSON.parse(JSON.stringify(derived(2))))
    await run('derive', { ...input, step: 1 })
    expect(JSON.parse(readFileSync(input.out, 'utf8'))).toEqual(JSON.parse(JSON.stringify(derived(1))))
    await expect(run('derive', { ...input, step: 9 })).rejects.toThrow('has no step 9 of its decoupled search')
    await expect(run('derive', { ...input, step: null, variant: 'joint' })).rejects.toThrow('has no "joint" search')
  })
})

describe('latency and time', () => {
  it('measures a table that predicts every network of its space, and no other', async () => {
    const table = join(folder, 'table.json')
    await run('latency', { space: settings.space, latency: settings.latency, classes: 12, out: table })
    const timed = (await run('time', { architecture: architectureFile(), table, latency: settings.latency })) as {
      medianMs: number
      predictedMs: number
      count: number
    }
    expect(timed.medianMs).toBeGreaterThan(0)
    expect(timed.predictedMs).toBeGreaterThan(0)
    expect(timed.count).toBeGreaterThan(0)
    const small = join(folder, 'other.json')
    await run('latency', { space: settings.space, latency: settings.latency, classes: 5, out: small })
    await expect(run('time', { architecture: architectureFile(), table: small, latency: settings.latency })).rejects.toThrow(
      'the table has no entry "head'
    )
  })
})

describe('scan', () => {
  it('says what is in a dataset', async () => {
    const scan = (await run('scan', { data: settings.data, seed: 1 })) as { text: string; problems: unknown[] }
    expect(scan.problems).toEqual([])
    expect(scan.text).toContain('2 images to train on, 1 to judge on.')
    expect(scan.text).toContain('No problem was found.')
  })

  it('refuses what is not a dataset', async () => {
    await expect(run('scan', { data: { ...settings.data, source: join(folder, '没有') }, seed: 1 })).rejects.toThrow('没有')
  })
})
