/**
 * Fails the n-th storage call for n = 1, 2, ... until a run comes through clean, as SQLite's tests do: first the process dies there, then
 * the disk is full, fails, refuses, writes short. Every time the run goes on afterwards, and its digest is that of an undisturbed one.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '../../src/shared/errors.js'
import { useDisk } from '../../src/storage/disk.js'
import { setFaultHandler, type FaultAction, type FaultHandler } from '../../src/storage/fault.js'
import { ModelDisk } from './modelDisk.js'
import { toyDigest, toyRun, type ToyStart } from './toyRun.js'

const folder = '/work/runs/toy'
/** Five checkpoints: enough that old ones are pruned. */
const options = { steps: 9, checkpointSteps: 2 }
let model = new ModelDisk()
let undisturbed = ''

class Death extends Error {}

beforeEach(() => {
  freshDisk()
  toyRun(folder, options)
  undisturbed = toyDigest(folder)
  freshDisk()
})
afterEach(() => {
  setFaultHandler(undefined)
  useDisk()
})

function freshDisk(): void {
  model = new ModelDisk()
  useDisk(model)
}

/** From the n-th call on the process is dead: nothing that it still tries reaches the disk. */
function dieAt(n: number): { handler: FaultHandler; reached: () => boolean } {
  let hits = 0
  return {
    handler: () => {
      if (++hits >= n) throw new Death()
      return undefined
    },
    reached: () => hits >= n
  }
}

/** Only system calls fail with a system's error; the named points between them stand for a moment, not for a call. */
function failOnceAt(n: number, action: FaultAction): { handler: FaultHandler; reached: () => boolean } {
  let hits = 0
  return { handler: (point) => (point.startsWith('disk.') && ++hits === n ? action : undefined), reached: () => hits >= n }
}

/** Runs under the handler; what it threw, or undefined. */
function runUnder(handler: FaultHandler): unknown {
  setFaultHandler(handler)
  try {
    toyRun(folder, options)
    return undefined
  } catch (error) {
    return error
  } finally {
    setFaultHandler(undefined)
    model.kill()
  }
}

function expectRecovery(): ToyStart {
  const start = toyRun(folder, options)
  expect(toyDigest(folder)).toBe(undisturbed)
  return start
}

test('the process dies at any call, and again at any call of its recovery', () => {
  let cases = 0
  let positions = 0
  for (let n = 1; ; n++) {
    freshDisk()
    const first = dieAt(n)
    const thrown = runUnder(first.handler)
    if (!first.reached()) break
    expect(thrown).toBeInstanceOf(Death)
    // Every seventh recovery is disturbed too; all pairs are for the nightly run.
    if (n % 7 === 0) runUnder(dieAt(1 + ((n * 13) % 40)).handler)
    const start = expectRecovery()
    expect(start.report?.damaged ?? []).toEqual([])
    positions = Math.max(positions, start.position)
    cases++
  }
  expect(cases).toBeGreaterThan(250)
  expect(positions).toBe(options.steps)
})

describe.each<[FaultAction, readonly string[]]>([
  ['ENOSPC', ['disk.full', 'file.format', 'checkpoint.none']],
  ['EIO', ['file.write', 'file.format', 'checkpoint.none']]
])('%s', (action, codes) => {
  test('at any call of a new run: a named error, then it goes on', () => {
    for (let n = 1; ; n++) {
      freshDisk()
      const failure = failOnceAt(n, action)
      const thrown = runUnder(failure.handler)
      if (!failure.reached()) break
      if (thrown !== undefined) {
        expect(thrown).toBeInstanceOf(AppError)
        const error = thrown as AppError
        expect(codes).toContain(error.code)
        expect(error.message).toMatch(/(^| )\//)
      }
      expectRecovery()
    }
  })
})

test('EIO at any call of a resume: a named error or an older checkpoint by name, then it goes on', () => {
  let olderUsed = 0
  for (let n = 1; ; n++) {
    freshDisk()
    runUnder(dieAt(200).handler)
    const failure = failOnceAt(n, 'EIO')
    const thrown = runUnder(failure.handler)
    if (!failure.reached()) break
    if (thrown !== undefined) expect(['file.write', 'file.format', 'checkpoint.none']).toContain((thrown as AppError).code)
    if (model.list(`${folder}/checkpoints`).some((name) => name.endsWith('.damaged'))) olderUsed++
    expectRecovery()
  }
  expect(olderUsed).toBeGreaterThan(0)
})

test('a short write at any call is continued: no error at all', () => {
  for (let n = 1; ; n++) {
    freshDisk()
    const failure = failOnceAt(n, 'short')
    expect(runUnder(failure.handler)).toBeUndefined()
    expect(toyDigest(folder)).toBe(undisturbed)
    if (!failure.reached()) break
  }
})

test('a disk that stays full: the error names it, the last checkpoint is intact, and the run goes on when there is room', () => {
  let saved = 0
  let hits = 0
  setFaultHandler((point) => (point === 'disk.write' && ++hits > 30 ? 'ENOSPC' : undefined))
  const run = (): unknown => toyRun(folder, { ...options, onSaved: (position) => (saved = position) })
  expect(run).toThrow(expect.objectContaining({ code: 'disk.full' }))
  expect(run).toThrow(expect.objectContaining({ code: 'disk.full' }))
  setFaultHandler(undefined)
  expect(saved).toBeGreaterThan(0)
  expect(expectRecovery().position).toBe(saved)
})
