import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { settingsSchema } from '../../../src/shared/config/settings.js'
import { Workspace } from '../../../src/storage/workspace.js'
import { caught } from './caught.js'
import { temporaryFolder } from './temporaryFolder.js'

const at = temporaryFolder()
const settings = settingsSchema.parse({})
const newRun = (name: string): { name: string; job: string; settings: typeof settings } => ({ name, job: 'run', settings })

test('runs are made, found and listed with what is known of them', () => {
  const workspace = Workspace.open(at('works', 'here'))
  expect(workspace.listRuns()).toEqual([])
  workspace.createRun(newRun('b-new'))
  const run = workspace.createRun(newRun('街道 1'))
  const { journal } = run.startWork()
  journal.append({ type: 'stage-started', stage: 'search', steps: 10 })
  journal.append({ type: 'step', stage: 'search', step: 4, loss: 1, learningRate: 0.1 })
  journal.append({ type: 'note', text: 'x' })
  journal.close()
  fs.appendFileSync(run.journalPath, 'torn')
  const finished = workspace.createRun(newRun('a.finished')).startWork()
  finished.journal.append({ type: 'run-finished', summary: {} })
  finished.checkpoints.save({ position: 1, tensors: new Map(), info: {}, journal: finished.journal.mark() })
  finished.journal.close()
  const killed = workspace.createRun(newRun('killed just before its last checkpoint')).startWork()
  killed.checkpoints.save({ position: 1, tensors: new Map(), info: {}, journal: killed.journal.mark() })
  killed.journal.append({ type: 'run-finished', summary: {} })
  killed.journal.close()

  expect(workspace.openRun('街道 1').manifest).toEqual(run.manifest)
  expect(workspace.listRuns().map(({ name, state }) => [name, state?.progress, state?.stage, state?.step, state?.lastSequence])).toEqual([
    ['a.finished', 'finished', undefined, undefined, 1],
    ['b-new', 'new', undefined, undefined, 0],
    ['killed just before its last checkpoint', 'unfinished', undefined, undefined, 1],
    ['街道 1', 'unfinished', 'search', 4, 3]
  ])
})

test('the end of a long journal is enough', () => {
  const workspace = Workspace.open(at('w'))
  const { journal } = workspace.createRun(newRun('long')).startWork()
  for (let step = 0; step < 2000; step++) journal.append({ type: 'step', stage: 'search', step, loss: 1, learningRate: 0.1 })
  journal.close()
  expect(workspace.listRuns()[0].state).toMatchObject({ progress: 'unfinished', stage: 'search', step: 1999, lastSequence: 2000 })
  const again = workspace.openRun('long').startWork().journal
  again.append({ type: 'note', text: 'x'.repeat(300_000) })
  again.close()
  expect(workspace.listRuns()[0].state).toMatchObject({ progress: 'unfinished', lastSequence: 1 })
})

test('one bad folder hides no other', () => {
  const workspace = Workspace.open(at('w'))
  workspace.createRun(newRun('good'))
  fs.mkdirSync(at('w', 'runs', 'empty'))
  fs.mkdirSync(at('w', 'runs', 'torn'))
  fs.writeFileSync(at('w', 'runs', 'torn', 'manifest.json'), '{"version":')
  fs.writeFileSync(at('w', 'runs', '.DS_Store'), '')
  expect(workspace.listRuns().map(({ name, state, error }) => [name, state?.progress, error?.code])).toEqual([
    ['empty', undefined, 'run.not-found'],
    ['good', 'new', undefined],
    ['torn', undefined, 'file.format']
  ])
})

describe('names', () => {
  test.each(['a', 'A run_1.2-x', '街道', '9', 'Straße', '_x', 'x'.repeat(80)])('%s is one', (name) => {
    const workspace = Workspace.open(at('w'))
    expect(workspace.createRun(newRun(name)).manifest.name).toBe(name)
    expect(fs.readdirSync(at('w', 'runs'))).toEqual([name])
  })

  test.each([
    '',
    '.',
    '..',
    '../x',
    'a/b',
    'a\\b',
    '/etc',
    'C:x',
    '.hidden',
    '-x',
    'a\0b',
    'a\nb',
    'x'.repeat(81),
    'a ',
    'a.',
    'CON',
    'nul.txt',
    'a:b',
    '<img>'
  ])('%j is none', (name) => {
    const workspace = Workspace.open(at('w'))
    for (const use of [() => workspace.createRun(newRun(name)), () => workspace.openRun(name), () => workspace.runPath(name)]) {
      expect(caught(use).code).toBe('settings.invalid-value')
    }
    expect(fs.readdirSync(at('w', 'runs'))).toEqual([])
  })

  test('are unique, also across upper and lower case and ways to write an accent', () => {
    const workspace = Workspace.open(at('w'))
    workspace.createRun(newRun('Caf\u00e9'))
    for (const twin of ['Caf\u00e9', 'caf\u00e9', 'Cafe\u0301'])
      expect(caught(() => workspace.createRun(newRun(twin))).code).toBe('run.exists')
    expect(workspace.freeName('other')).toBe('other')
    expect(workspace.freeName('caf\u00e9')).toBe('caf\u00e9-2')
    workspace.createRun(newRun('caf\u00e9-2'))
    expect(workspace.freeName('Caf\u00e9')).toBe('Caf\u00e9-3')
  })

  test('one that nobody has', () => {
    expect(caught(() => Workspace.open(at('w')).openRun('nobody')).code).toBe('run.not-found')
  })
})

test('a workspace where a file is in the way', () => {
  fs.writeFileSync(at('w'), '')
  expect(caught(() => Workspace.open(at('w'))).code).toBe('file.write')
})
