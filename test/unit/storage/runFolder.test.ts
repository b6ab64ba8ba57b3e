import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { settingsSchema } from '../../../src/shared/config/settings.js'
import { RunFolder } from '../../../src/storage/runFolder.js'

let folder = ''
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'run 跑 '))
})
afterEach(() => fs.rmSync(folder, { recursive: true }))

const settings = settingsSchema.parse({})

test('a run goes on from its last checkpoint, with the journal cut back to it', () => {
  const run = RunFolder.create(path.join(folder, 'runs', 'first'), { name: 'first', job: 'run', settings })
  const work = run.startWork()
  expect(work.checkpoint).toBeUndefined()
  work.journal.append({ type: 'note', text: 'one' })
  const tensors = new Map([['w', { dtype: 'F32' as const, shape: [2], data: Float32Array.of(1, 2) }]])
  work.checkpoints.save({ position: 7, tensors, info: { stage: 'search' }, journal: work.journal.mark() })
  work.journal.append({ type: 'note', text: 'two' })
  work.journal.close()

  const again = RunFolder.open(run.path).startWork()
  expect(again.checkpoint?.position).toBe(7)
  expect(again.checkpoint?.tensors.get('w')).toEqual(tensors.get('w'))
  expect(again.checkpoint?.info).toEqual({ stage: 'search' })
  expect(again.checkpoint?.report).toEqual({ used: '000000000007', damaged: [], lostSteps: 0 })
  expect(again.journal.lastSequence).toBe(1)
  again.journal.close()
})
