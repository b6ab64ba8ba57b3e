import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { settingsSchema } from '../../../src/shared/config/settings.js'
import type { RunEvent } from '../../../src/shared/events.js'
import { digestRun, digestTensors } from '../../../src/storage/digest.js'
import { RunFolder } from '../../../src/storage/runFolder.js'
import type { StoredTensor } from '../../../src/storage/safetensors.js'
import { caught } from './caught.js'
import { temporaryFolder } from './temporaryFolder.js'

const at = temporaryFolder()
const base: RunEvent[] = [
  { type: 'step', stage: 'search', step: 0, loss: 0.5, learningRate: 0.01 },
  { type: 'latency-measured', network: 'student', predictedMs: 8, measuredMs: 8.25, deviationMs: 0.5, count: 10 },
  { type: 'exported', network: 'student', format: 'onnx', path: 'outputs/student.onnx', largestDifference: 0, argmaxAgreement: 1 },
  { type: 'run-finished', summary: { studentMeanIoU: 0.5, studentMeasuredMs: 8.25, minutes: 3 } }
]
const weights = (data = [1, 2, 3, 4], shape = [2, 2], name = 'w'): Map<string, StoredTensor> =>
  new Map([[name, { dtype: 'F32', shape, data: Float32Array.from(data) }]])

interface Parts {
  events?: RunEvent[]
  tensors?: Map<string, StoredTensor>
  info?: Record<string, unknown>
  position?: number
}

/** Writes a run of these parts; returns its folder. */
function runOf(
  name: string,
  { events = base, tensors = weights(), info = { stage: 'search', step: 1 }, position = 3 }: Parts = {}
): string {
  const run = RunFolder.create(at(name), { name, job: 'run', settings: settingsSchema.parse({}) })
  const { journal, checkpoints } = run.startWork()
  for (const event of events) journal.append(event)
  checkpoints.save({ position, tensors, info, journal: journal.mark() })
  journal.close()
  return run.path
}

test('two runs with the same result have the same digest, whatever they are called and whenever they ran', () => {
  const first = digestRun(runOf('first'))
  expect(digestRun(runOf('second', { info: { step: 1, stage: 'search' } }))).toEqual(first)
  expect(first).toMatchObject({ position: 3, events: 4, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
})

describe('each thing that a result is made of changes it', () => {
  test.each<[string, Parts, 'tensors' | 'state' | 'journal']>([
    ['a number', { tensors: weights([1, 2, 3, 4.0000005]) }, 'tensors'],
    ['a sign of zero', { tensors: weights([1, 2, 3, -0]) }, 'tensors'],
    ['a shape', { tensors: weights([1, 2, 3, 4], [4]) }, 'tensors'],
    ['a name', { tensors: weights([1, 2, 3, 4], [2, 2], 'v') }, 'tensors'],
    ['one tensor more', { tensors: weights().set('x', { dtype: 'U8', shape: [0], data: new Uint8Array(0) }) }, 'tensors'],
    [
      'a type',
      { tensors: new Map([['w', { dtype: 'I32', shape: [2, 2], data: new Int32Array(Float32Array.of(1, 2, 3, 4).buffer) }]]) },
      'tensors'
    ],
    ['the state', { info: { stage: 'search', step: 2 } }, 'state'],
    ['the position', { position: 4 }, 'state'],
    ['a loss', { events: [{ ...base[0], loss: 0.25 } as RunEvent, ...base.slice(1)] }, 'journal'],
    ['an event less', { events: base.slice(1) }, 'journal'],
    ['the order', { events: [base[1], base[0], base[2], base[3]] }, 'journal'],
    ['a score', { events: [...base.slice(0, 3), { type: 'run-finished', summary: { studentMeanIoU: 0.75 } }] }, 'journal']
  ])('%s', (_, change, part) => {
    const before = digestRun(runOf('before'))
    const after = digestRun(runOf('after', change))
    expect(after.sha256).not.toBe(before.sha256)
    const changed = (['tensors', 'state', 'journal'] as const).filter((name) => before.parts[name] !== after.parts[name])
    expect(changed).toEqual([part])
  })
})

test('what a stopwatch says does not change it', () => {
  const events: RunEvent[] = [
    base[0],
    { type: 'latency-measured', network: 'student', predictedMs: 8, measuredMs: 99, deviationMs: 9, count: 10 },
    { ...base[2], path: at('other', 'outputs', 'student.onnx') } as RunEvent,
    { type: 'run-finished', summary: { studentMeanIoU: 0.5, studentMeasuredMs: 99, minutes: 30 } }
  ]
  expect(digestRun(runOf('other', { events }))).toEqual(digestRun(runOf('first')))
})

test('the digest of tensors does not depend on their order', () => {
  const both = new Map([...weights(), ...weights([5], [1], 'v')])
  expect(digestTensors(new Map([...both].reverse()))).toBe(digestTensors(both))
})

test('a damaged run has no digest: it would be one of less', () => {
  const folder = runOf('first')
  fs.appendFileSync(at('first', 'journal.ndjson'), 'torn')
  expect(caught(() => digestRun(folder)).code).toBe('journal.damaged')
  fs.truncateSync(at('first', 'checkpoints', '000000000003', 'state.safetensors'), 9)
  expect(caught(() => digestRun(folder)).code).toBe('checkpoint.none')
  const empty = RunFolder.create(at('empty'), { name: 'empty', job: 'run', settings: settingsSchema.parse({}) })
  expect(caught(() => digestRun(empty.path)).message).toContain('has no checkpoint yet')
})
