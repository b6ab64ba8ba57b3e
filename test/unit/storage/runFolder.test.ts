import fs from 'node:fs'
import { expect, describe, test } from 'vitest'
import { settingsSchema } from '../../../src/shared/config/settings.js'
import { RunFolder, type RunWork } from '../../../src/storage/runFolder.js'
import { caught } from './caught.js'
import { temporaryFolder } from './temporaryFolder.js'

const at = temporaryFolder()
const settings = settingsSchema.parse({ seed: 7 })
const create = (): RunFolder =>
  RunFolder.create(at('runs', 'first'), { name: 'first', job: 'run', settings, createdAt: '2024-01-02T03:04:05Z' })
const tensors = new Map([['w', { dtype: 'F32' as const, shape: [2], data: Float32Array.of(1, 2) }]])
const fingerprint = { cellscope: '0.1.0', tensorflow: '2.21.0', threads: 2, oneDnn: true, cpu: 'x', device: 'cpu' as const }

function workOn(run: RunFolder, use: (work: RunWork) => void): void {
  const work = run.startWork()
  use(work)
  work.journal.close()
}

test('a new run appears whole', () => {
  const run = create()
  expect(fs.readdirSync(at('runs'))).toEqual(['first'])
  expect(fs.readdirSync(run.path).sort()).toEqual(['checkpoints', 'inputs', 'manifest.json', 'outputs'])
  expect(run.manifest).toEqual({
    version: 1,
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: 'first',
    job: 'run',
    settings,
    datasetDigest: null,
    fingerprint: null,
    latencyTable: null,
    targetLatencyMs: null,
    inputs: {},
    inexactFrom: [],
    createdAt: '2024-01-02T03:04:05Z'
  })
  expect(RunFolder.open(run.path).manifest).toEqual(run.manifest)
  expect(caught(create).code).toBe('run.exists')
})

test('what becomes known later is added to the manifest', () => {
  const run = create()
  run.updateManifest({ fingerprint, datasetDigest: 'abc' })
  run.updateManifest({ inexactFrom: [{ position: 5, fingerprint: { ...fingerprint, threads: 4 } }] })
  expect(RunFolder.open(run.path).manifest).toMatchObject({ fingerprint, datasetDigest: 'abc', inexactFrom: [{ position: 5 }] })
})

describe('a manifest that is none', () => {
  test.each([
    [{ version: 2 }, 'file.version', 'expected version 1, found 2'],
    [{ colour: 'red' }, 'file.format', 'colour'],
    [{ settings: { seed: -1 } }, 'file.format', 'settings.seed'],
    [{ settings: { search: { lambada: 1 } } }, 'file.format', 'lambada'],
    [{ id: '../x' }, 'file.format', 'id: '],
    [{ latencyTable: { file: '../../secret', sha256: 'a'.repeat(64) } }, 'file.format', 'latencyTable.file'],
    [{ name: undefined }, 'file.format', 'name: ']
  ])('%j', (change, code, sentence) => {
    const run = create()
    fs.writeFileSync(at('runs', 'first', 'manifest.json'), JSON.stringify({ ...run.manifest, ...change }))
    const error = caught(() => RunFolder.open(run.path))
    expect(error.code).toBe(code)
    expect(error.message).toContain(sentence)
    expect(error.message).toContain(at('runs', 'first', 'manifest.json'))
  })

  test('is not there, or is torn', () => {
    expect(caught(() => RunFolder.open(at('nothing'))).code).toBe('run.not-found')
    const run = create()
    fs.truncateSync(at('runs', 'first', 'manifest.json'), 100)
    expect(caught(() => RunFolder.open(run.path)).code).toBe('file.format')
  })
})

test('inputs never change', () => {
  const run = create()
  const input = run.addInput('latency.json', '{"version":1}')
  expect(input.file).toBe('inputs/latency.json')
  expect(run.addInput('latency.json', '{"version":1}')).toEqual(input)
  expect(caught(() => run.addInput('latency.json', '{"version":2}')).code).toBe('file.exists')
  expect(Buffer.from(run.readInput(input)).toString()).toBe('{"version":1}')
  fs.appendFileSync(at('runs', 'first', 'inputs', 'latency.json'), ' ')
  expect(caught(() => run.readInput(input)).message).toContain('expected SHA-256')
  expect(caught(() => run.addInput('../x', '')).code).toBe('internal')
  run.updateManifest({ latencyTable: input })
  expect(RunFolder.open(run.path).manifest.latencyTable).toEqual(input)
})

test('an input that was written is found again, also by a process that did not live to tell the manifest', () => {
  const run = create()
  expect(run.keptInput('pace.json')).toBeUndefined()
  const input = run.addInput('pace.json', '{"steps":7}')
  expect(run.manifest.inputs).toEqual({})
  expect(RunFolder.open(run.path).keptInput('pace.json')).toEqual(input)
})

test("the clock's side file", () => {
  const run = create()
  const pulse = {
    stage: 'search' as const,
    step: 1,
    steps: 2,
    elapsedSeconds: 1,
    stepSeconds: 1,
    waitedSeconds: 0,
    remainingSeconds: 1,
    residentBytes: 5
  }
  run.appendPulse(pulse)
  run.appendPulse({ ...pulse, step: 2 })
  const lines = fs.readFileSync(run.pulsePath, 'utf8').trim().split('\n')
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([pulse, { ...pulse, step: 2 }])
})

describe('work', () => {
  test('goes on from the last checkpoint, with the journal cut back to it', () => {
    const run = create()
    workOn(run, ({ journal, checkpoints, checkpoint }) => {
      expect(checkpoint).toBeUndefined()
      journal.append({ type: 'note', text: 'one' })
      checkpoints.save({ position: 7, tensors, info: { stage: 'search' }, journal: journal.mark() })
      journal.append({ type: 'note', text: 'two' })
    })
    workOn(RunFolder.open(run.path), ({ journal, checkpoint }) => {
      expect(checkpoint).toMatchObject({
        position: 7,
        tensors,
        info: { stage: 'search' },
        report: { used: '000000000007', damaged: [], lostSteps: 0 }
      })
      expect(journal.lastSequence).toBe(1)
    })
  })

  test('begins anew when it never came to a checkpoint', () => {
    const run = create()
    workOn(run, ({ journal }) => journal.append({ type: 'note', text: 'one' }))
    workOn(run, ({ journal, checkpoint }) => expect([checkpoint, journal.length]).toEqual([undefined, 0]))
  })

  test('falls back when the newest is damaged, says so once, and leaves nothing doubled', () => {
    const run = create()
    workOn(run, ({ journal, checkpoints }) => {
      for (const position of [1, 2]) {
        journal.append({ type: 'note', text: `step ${position}` })
        checkpoints.save({ position, tensors, info: {}, journal: journal.mark() })
      }
    })
    fs.truncateSync(at('runs', 'first', 'checkpoints', '000000000002', 'state.safetensors'), 10)
    workOn(run, ({ journal, checkpoint }) => {
      expect(checkpoint?.report).toMatchObject({ used: '000000000001', lostSteps: 1, damaged: [{ position: 2 }] })
      expect(journal.lastSequence).toBe(1)
    })
    workOn(run, ({ checkpoint }) => expect(checkpoint?.report).toEqual({ used: '000000000001', damaged: [], lostSteps: 0 }))
  })

  test('a journal damaged before the newest checkpoint: an older one whose journal is whole is used', () => {
    const run = create()
    let first = 0
    workOn(run, ({ journal, checkpoints }) => {
      for (const position of [1, 2]) {
        journal.append({ type: 'note', text: `step ${position}` })
        checkpoints.save({ position, tensors, info: {}, journal: journal.mark() })
        if (position === 1) first = journal.length
      }
    })
    const bytes = fs.readFileSync(run.journalPath)
    bytes[first + 20] ^= 1
    fs.writeFileSync(run.journalPath, bytes)
    workOn(run, ({ journal, checkpoint }) => {
      expect(checkpoint?.report).toMatchObject({ used: '000000000001', lostSteps: 1 })
      expect(journal.damage).toMatchObject({ line: 2, atByte: first })
      expect(journal.length).toBe(first)
    })
  })

  test('refuses when nothing is usable, and leaves the files as they are', () => {
    const run = create()
    workOn(run, ({ journal, checkpoints }) => {
      journal.append({ type: 'note', text: 'one' })
      checkpoints.save({ position: 1, tensors, info: {}, journal: journal.mark() })
    })
    const state = at('runs', 'first', 'checkpoints', '000000000001', 'state.safetensors')
    fs.truncateSync(state, 10)
    const before = fs.readFileSync(run.journalPath)
    expect(caught(() => run.startWork()).code).toBe('checkpoint.none')
    expect(fs.statSync(state).size).toBe(10)
    expect(Buffer.compare(fs.readFileSync(run.journalPath), before)).toBe(0)
  })
})
