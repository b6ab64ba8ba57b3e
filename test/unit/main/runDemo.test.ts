import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { forecast } from '../../../src/host/forecast.js'
import { newRun } from '../../../src/host/newRun.js'
import { runDemo } from '../../../src/main/runDemo.js'
import type { ShellClient } from '../../../src/main/shellClient.js'
import type { HostNews } from '../../../src/shared/clientProtocol.js'
import { parseSettings } from '../../../src/shared/config/parseSettings.js'
import { AppError } from '../../../src/shared/errors.js'
import { presets } from '../../../src/shared/presets.js'

/** A host that starts a run which does nothing by itself, and a terminal that is read. */
function demo(refusal?: AppError) {
  const workspace = mkdtempSync(join(tmpdir(), 'cellscope-demo-'))
  const settings = parseSettings(presets.quick.settings, 'The preset')
  const asked: [string, unknown][] = []
  let tell: (news: HostNews) => void = () => undefined
  const client: ShellClient = {
    request(name, input) {
      asked.push([name, input])
      if (name === 'forecast') return Promise.resolve({ ...forecast(settings, 'run'), settings, command: '' } as never)
      if (name === 'startRun' && refusal !== undefined) return Promise.reject(refusal)
      if (name === 'startRun') newRun({ workspace, name: 'run', job: 'run', settings, forecast: forecast(settings, 'run') })
      return Promise.resolve({ run: 'run' } as never)
    },
    onNews: (listener) => (tell = listener)
  }
  let out = ''
  let errors = ''
  const terminal = { out: (text: string) => (out += text), error: (text: string) => (errors += text), isInteractive: false, columns: 100 }
  const started = runDemo(client, workspace, terminal)
  const state = (over: 'finished' | 'stopped' | 'failed', error: AppError | null = null): void =>
    tell({ news: 'state', run: 'run', live: null, over, error: error?.report() ?? null })
  return { started, asked, state, tell: (news: HostNews) => tell(news), out: () => out, errors: () => errors }
}

describe("the demo's run in the window", () => {
  it('is the quick preset under the first free name, watched from its beginning', async () => {
    const { started, asked, out } = demo()
    expect((await started).run).toBe('run')
    expect(asked).toEqual([
      ['forecast', { job: 'run', settings: presets.quick.settings }],
      ['startRun', { job: 'run', settings: presets.quick.settings, name: null }],
      ['watchRun', { run: 'run', fromSequence: 1 }]
    ])
    expect(out()).toMatch(/Data: streets[\s\S]*In all about[\s\S]*Run run in/)
  })

  it('is told to the terminal, a line a stage, and no other run is', async () => {
    const { started, tell, out, errors } = demo()
    await started
    tell({ news: 'journal', run: 'run', entries: [{ sequence: 1, type: 'stage-started', stage: 'pretrain', steps: 30 }] })
    const told = out()
    expect(told).toMatch(/Pretraining/i)
    tell({ news: 'journal', run: 'other', entries: [{ sequence: 1, type: 'stage-started', stage: 'search', steps: 20 }] })
    expect(out()).toBe(told)
    tell({ news: 'incident', run: 'run', what: 'death', text: 'It was killed.', checkpointStep: 3, restarts: 1 })
    expect(errors()).toContain('It was killed.')
  })

  it.each([
    ['finished', null, 0, 'The demo is over'],
    ['stopped', null, 0, 'cellscope resume "run"'],
    ['failed', new AppError('disk.full', 'The disk is full.'), 3, '']
  ] as const)('%s ends with its exit code', async (over, error, code, said) => {
    const { started, state, out, errors } = demo()
    const { over: end } = await started
    state(over, error)
    expect(await end).toBe(code)
    expect(out()).toContain(said)
    if (error !== null) expect(errors()).toContain('The disk is full.')
  })

  it('that cannot start says why', async () => {
    const { started, errors } = demo(new AppError('workspace.locked', '/here: process 7 works in this workspace.'))
    const { run, over } = await started
    expect(run).toBeUndefined()
    expect(await over).toBe(1)
    expect(errors()).toContain('process 7')
  })
})
