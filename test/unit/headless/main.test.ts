import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeSettings } from '../../../src/shared/config/describeSettings.js'
import type { ForecastRecord } from '../../../src/host/forecast.js'
import { AppError, type ErrorCode } from '../../../src/shared/errors.js'
import type { RunEvent } from '../../../src/shared/events.js'
import type { WorkerCommand } from '../../../src/shared/protocol.js'
import { Journal } from '../../../src/storage/journal.js'
import { RunFolder } from '../../../src/storage/runFolder.js'
import { lockWorkspace } from '../../../src/storage/workspaceLock.js'
import { fakeFingerprint, type FakeWorker } from '../host/fakeEngine.js'
import { testHeadless, type TestHeadless } from './testHeadless.js'

let folder = ''
let workspace = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'))
  workspace = join(folder, 'work space 工作区')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const events: RunEvent[] = [
  { type: 'stage-started', stage: 'search', variant: 'joint', steps: 2 },
  { type: 'step', stage: 'search', variant: 'joint', step: 1, loss: 2.5, learningRate: 0.1 },
  { type: 'evaluated', network: 'teacher', split: 'val', step: 2, best: true, scores: { meanIoU: 0.61, pixelAccuracy: 0.9, classIoU: [] } },
  { type: 'evaluated', network: 'student', split: 'val', step: 2, best: true, scores: { meanIoU: 0.5, pixelAccuracy: 0.9, classIoU: [] } },
  { type: 'evaluated', network: 'handmade', split: 'val', step: 2, best: true, scores: { meanIoU: 0.55, pixelAccuracy: 0.9, classIoU: [] } },
  { type: 'latency-measured', network: 'student', predictedMs: 1.5, measuredMs: 1.6, deviationMs: 0.1, count: 5 },
  { type: 'latency-measured', network: 'handmade', predictedMs: 1.4, measuredMs: 1.7, deviationMs: 0.1, count: 5 },
  { type: 'exported', network: 'student', format: 'onnx', path: 'outputs/student/model.onnx', largestDifference: 1e-6, argmaxAgreement: 1 },
  { type: 'run-finished', summary: {} }
]

/** A worker that does the whole run in a moment, and writes the journal as a real one does. */
function goodWorker(worker: FakeWorker, command: WorkerCommand): void {
  if (command.command !== 'run') return
  worker.say({ message: 'ready', fingerprint: fakeFingerprint })
  worker.say({ message: 'state', state: 'running' })
  const run = RunFolder.open(command.runFolder)
  const journal = Journal.open(run.journalPath)
  for (const event of events) worker.say({ message: 'event', entry: journal.append(event) })
  journal.close()
  const pulse = {
    stage: 'search' as const, step: 1, steps: 2, elapsedSeconds: 90, stepSeconds: 0.5, waitedSeconds: 0, remainingSeconds: 61, residentBytes: 5e8
  }
  run.appendPulse(pulse)
  worker.say({ message: 'pulse', pulse })
  worker.say({ message: 'finished' })
  worker.exit({ code: 0 })
}

/** A worker that runs until it is told to stop. */
function patientWorker(worker: FakeWorker, command: WorkerCommand, headless: TestHeadless): void {
  if (command.command === 'run') {
    worker.say({ message: 'ready', fingerprint: fakeFingerprint })
    worker.say({ message: 'state', state: 'running' })
    headless.interrupt()
  }
  if (command.command === 'stop') worker.exit({ code: 0 })
}

describe('help', () => {
  it('shows every setting with its range and default', async () => {
    for (const command of [['run'], ['search'], ['train'], ['resume']]) {
      const { code, out } = await testHeadless(workspace).run(...command, '--help')
      expect(code).toBe(0)
      for (const { path } of describeSettings()) expect(out, `${command[0]} ${path}`).toContain(`--${path} <`)
    }
  })

  it('shows every command, and says where the settings are', async () => {
    for (const words of [[], ['--help']]) {
      const { code, out } = await testHeadless(workspace).run(...words)
      expect(code).toBe(0)
      for (const command of ['run', 'search', 'derive', 'train', 'evaluate', 'export', 'latency', 'inspect', 'report', 'resume', 'digest', 'runs', 'demo', 'doctor']) {
        expect(out).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
      }
      expect(out).toContain('cellscope run --help')
      expect(out).toContain('Exit codes:')
    }
  })

  it('says its version', async () => {
    const { out } = await testHeadless(workspace).run('--version')
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }
    expect(out).toBe(`${version}\n`)
  })
})

describe('what is not understood', () => {
  it.each([
    [['serach'], 'Did you mean search?'],
    [['run', '--search.lamda', '1'], 'Did you mean --search.lambda?'],
    [['run', '--seed'], "option '--seed <n>' argument missing"],
    [['inspect'], "missing required argument 'file'"],
    [['run', 'extra'], 'too many arguments'],
    [['latency', 'guess'], 'unknown command']
  ])('%j ends with 2 and a sentence', async (words, sentence) => {
    const { code, out, error } = await testHeadless(workspace).run(...words)
    expect(code).toBe(2)
    expect(error).toContain(sentence)
    expect(error).not.toContain('    at ')
    expect(out).toBe('')
  })

  it.each([
    [['run', '--search.lambda', '1e999'], '--search.lambda must be number, 0 to 1000000, but is "1e999".'],
    [['run', '--space.layers', '2'], 'The command line: space.layers must be whole number, 3 to 64, but is 2.'],
    [['run', '--preset', 'quik'], 'There is no preset "quik".'],
    [['run', '--config', 'nowhere.json'], 'nowhere.json'],
    [['run', '--name', '../escape', '--dry-run', '--preset', 'nope'], 'There is no preset "nope".'],
    [['run', '--name', '../escape'], '../escape'],
    [['resume', 'nothing'], 'There is no run "nothing"'],
    [['digest', 'nothing'], 'There is no run "nothing"'],
    [['report', 'nothing'], 'There is no run "nothing"'],
    [['inspect', 'nowhere.json'], 'nowhere.json does not exist.'],
    [['train', 'nowhere.json'], 'nowhere.json does not exist.'],
    [['export', 'nowhere.json'], 'nowhere.json is neither an architecture.json'],
    [['export', 'package.json', '--size', '100x100'], '--size must be HEIGHTxWIDTH, both multiples of 32'],
    [['export', 'package.json', '--format', 'onix'], '--format must be one of onnx'],
    [['export', 'package.json', '--init', 'random', '--seed', 'x'], '--seed must be a whole number'],
    [['doctor'], 'doctor.mjs does not exist']
  ])('%j ends with 1, a sentence and a hint', async (words, sentence) => {
    const { code, error } = await testHeadless(workspace).run(...words)
    expect(code).toBe(1)
    expect(error).toContain(sentence)
    expect(error).toMatch(/^Error: .+\n.+\n$/)
    expect(error).not.toContain('    at ')
  })

  it.each([
    ['not JSON', '{', 'expected JSON'],
    ['a list', '[]', 'expected an object with settings'],
    ['a key into the prototype', '{"__proto__": {"a": 1}}', '__proto__'],
    ['a number without end', '{"search": {"lambda": 1e999}}', 'search.lambda'],
    ['an unknown key', '{"search": {"lamda": 1}}', 'there is no setting "search.lamda"'],
    ['an unknown group', '{"serach": {}}', 'there is no setting "serach"'],
    ['a wrong type', '{"seed": "one"}', 'seed must be whole number'],
    ['endless nesting', '['.repeat(10_000), 'nested levels'],
    ['ten megabytes', `{"data": {"source": "${'x'.repeat(10_000_000)}"}}`, 'bytes']
  ])('a settings file with %s', async (_, text, sentence) => {
    const path = join(folder, '设置 file.json')
    writeFileSync(path, text)
    const { code, error } = await testHeadless(workspace).run('run', '--config', path)
    expect(code).toBe(1)
    expect(error).toContain(sentence)
    expect(error).toContain('设置 file.json')
    expect(error.length).toBeLessThan(1000)
  })

  it('is told to machines as JSON', async () => {
    const { code, lines } = await testHeadless(workspace).run('resume', 'nothing', '--json')
    expect(code).toBe(1)
    expect(lines).toEqual([{ message: 'failed', error: expect.objectContaining({ code: 'run.not-found', kind: 'user' }) as object }])
  })
})

describe('run', () => {
  it('lays flags over the file over the preset', async () => {
    const path = join(folder, 'a.json')
    writeFileSync(path, JSON.stringify({ space: { layers: 5, baseWidth: 3 }, seed: 7 }))
    const test = testHeadless(workspace, goodWorker)
    const { code } = await test.run('run', '--preset', 'tiny', '--config', path, '--space.layers', '6', '--data', folder, '--name', 'my run')
    expect(code).toBe(0)
    const { settings, job } = RunFolder.open(join(workspace, 'runs', 'my run')).manifest
    expect(job).toBe('run')
    expect(settings).toMatchObject({ seed: 7, space: { layers: 6, baseWidth: 3, widths: [4, 8, 12] }, data: { source: folder, cropHeight: 64 } })
  })

  it('says before the start what one gets, in how many minutes and how much memory', async () => {
    const { out } = await testHeadless(workspace).run('run', '--preset', 'quick', '--dry-run')
    expect(out).toMatch(/You will get two derived networks/)
    expect(out).toMatch(/In all about \d+ (s|min|h).* of memory/)
    for (const stage of ['pretrain', 'search (decoupled)', 'search (joint)', 'train-teacher', 'train-student', 'train-plain', 'train-handmade']) expect(out).toContain(stage)
  })

  it('ends with the table and the sentence, also when the search was not worth it', async () => {
    const { code, out } = await testHeadless(workspace, goodWorker).run('run', '--preset', 'tiny')
    expect(code).toBe(0)
    expect(out).toMatch(/teacher +0\.610/)
    expect(out).toMatch(/student +0\.500 .* 1\.50 +1\.60/)
    expect(out).toContain('outputs/student/model.onnx')
    expect(out).toContain('The found network does not beat the hand-made one: mIoU 0.500 against 0.550, 1.60 ms against 1.70 ms.')
    expect(out).toMatch(/It took \d+ s \(forecast .+\) and 477 MiB \(forecast/)
    const record = JSON.parse(readFileSync(join(workspace, 'runs', 'run', 'outputs', 'forecast.json'), 'utf8')) as ForecastRecord
    const { minutes, workedSeconds, actual, minutesRatio, memoryBytes, memoryRatio } = record
    expect(actual).toEqual({ minutes: workedSeconds / 60, peakBytes: 5e8 })
    expect(minutesRatio).toBeCloseTo(minutes / (workedSeconds / 60))
    expect(memoryRatio).toBeCloseTo(memoryBytes / 5e8)
  })

  it('speaks JSON lines to machines, and nothing else', async () => {
    const { code, lines, error } = await testHeadless(workspace, goodWorker).run('run', '--preset', 'tiny', '--json')
    expect(code).toBe(0)
    expect(error).toBe('')
    expect(lines.map(({ message }) => message)).toEqual([
      'forecast', 'started', 'ready', 'run-state', ...events.map(() => 'event'), 'pulse', 'finished', 'run-state', 'forecast-settled', 'result'
    ])
    expect(lines[1]).toEqual({ message: 'started', run: 'run', folder: join(workspace, 'runs', 'run') })
    const pulse = lines.find(({ message }) => message === 'pulse')
    expect(pulse).toMatchObject({ pulse: { step: 1, steps: 2, remainingSeconds: 61 } })
    expect(lines.at(-1)).toMatchObject({ message: 'result', value: { finished: true, networks: [{ network: 'teacher' }, { network: 'student' }, { network: 'handmade' }] } })
  })

  it('shows a bar with the time left on a terminal, and redraws it in place', async () => {
    const { out } = await testHeadless(workspace, goodWorker, { isInteractive: true }).run('run', '--preset', 'tiny')
    expect(out).toContain('Searching [##########----------] 1/2  loss 2.500  0.50 s/step  1 min 1 s left\r\u001b[2K')
  })

  it('writes no control characters where no terminal is', async () => {
    const { out } = await testHeadless(workspace, goodWorker).run('run', '--preset', 'tiny')
    expect(out).not.toContain('\r')
    expect(out).not.toContain('\u001b')
  })

  it('takes Ctrl-C as checkpoint and stop', async () => {
    const test = testHeadless(workspace, patientWorker)
    const { code, out } = await test.run('run', '--preset', 'tiny', '--name', 'night')
    expect(code).toBe(130)
    expect(out).toContain('Stopping: a checkpoint is written. Press Ctrl-C again to end at once.')
    expect(out).toContain('cellscope resume "night"')
    expect(test.engine.worker().commands.map(({ command }) => command)).toEqual(['run', 'stop'])
  })

  it('takes the second Ctrl-C as end at once', async () => {
    const test = testHeadless(workspace, (worker, command, headless) => {
      if (command.command === 'run') {
        worker.say({ message: 'ready', fingerprint: fakeFingerprint })
        headless.interrupt()
        headless.interrupt()
      }
    })
    const { code } = await test.run('run', '--preset', 'tiny')
    expect(code).toBe(130)
    expect(test.engine.worker().killed).toBe(true)
    expect(test.engine.workers).toHaveLength(1)
  })

  it('takes SIGTERM likewise', async () => {
    const test = testHeadless(workspace, (worker, command, headless) => {
      if (command.command === 'run') headless.interrupt('SIGTERM')
      if (command.command === 'stop') worker.exit({ code: 0 })
    })
    expect((await test.run('run', '--preset', 'tiny')).code).toBe(143)
  })

  it.each<[ErrorCode, number]>([['data.not-found', 1], ['disk.full', 3], ['internal', 4]])('ends with the code of %s', async (errorCode, expected) => {
    const test = testHeadless(workspace, (worker, command) => {
      if (command.command !== 'run') return
      worker.say({ message: 'ready', fingerprint: fakeFingerprint })
      worker.say({ message: 'failed', error: new AppError(errorCode, 'It is so.').report() })
      worker.exit({ code: 1 })
    })
    const { code, error } = await test.run('run', '--preset', 'tiny')
    expect(code).toBe(expected)
    expect(error).toContain('Error: It is so.\n')
    expect(error.includes('cellscope resume run')).toBe(expected !== 1)
  })

  it('refuses a workspace in which another one works', async () => {
    mkdirSync(workspace, { recursive: true })
    const lock = await lockWorkspace(workspace)
    const { code, error } = await testHeadless(workspace, goodWorker).run('run', '--preset', 'tiny')
    await lock.release()
    expect(code).toBe(1)
    expect(error).toContain('works in this workspace')
    expect((await testHeadless(workspace, goodWorker).run('run', '--preset', 'tiny')).code).toBe(0)
  })

  it('refuses a name that is taken, and finds a free one by itself', async () => {
    await testHeadless(workspace, goodWorker).run('run', '--preset', 'tiny', '--name', 'a')
    expect((await testHeadless(workspace, goodWorker).run('run', '--preset', 'tiny', '--name', 'a')).error).toContain('exists already')
    await testHeadless(workspace, goodWorker).run('search', '--preset', 'tiny')
    const { lines } = await testHeadless(workspace, goodWorker).run('search', '--preset', 'tiny', '--json')
    expect(lines).toContainEqual(expect.objectContaining({ message: 'started', run: 'search-2' }))
  })
})

describe('resume', () => {
  async function stopped(): Promise<void> {
    await testHeadless(workspace, patientWorker).run('run', '--preset', 'tiny', '--name', 'a')
  }

  it('goes on, by name or by folder', async () => {
    await stopped()
    const test = testHeadless(workspace, patientWorker)
    await test.run('resume', 'a')
    expect(test.engine.worker().commands[0]).toEqual({ command: 'run', runFolder: join(workspace, 'runs', 'a'), acceptInexact: false })
    await test.run('resume', join(workspace, 'runs', 'a'), '--accept-inexact')
    expect(test.engine.worker().commands[0]).toMatchObject({ acceptInexact: true })
  })

  it('refuses by name what would break exactness, and takes what does not', async () => {
    await stopped()
    const test = testHeadless(workspace, patientWorker)
    const refused = await test.run('resume', 'a', '--search.lambda', '0.5', '--run.checkpointSteps', '7')
    expect(refused.code).toBe(1)
    expect(refused.error).toContain('Run a cannot go on with other values of search.lambda (was 0.01, now 0.5).')
    expect(test.engine.workers).toHaveLength(0)
    expect((await test.run('resume', 'a', '--run.checkpointSteps', '7')).code).toBe(130)
    expect(RunFolder.open(join(workspace, 'runs', 'a')).manifest.settings.run.checkpointSteps).toBe(7)
  })

  it('says that there is nothing left', async () => {
    await testHeadless(workspace, goodWorker).run('run', '--preset', 'tiny', '--name', 'a')
    const { code, error } = await testHeadless(workspace, goodWorker).run('resume', 'a')
    expect(code).toBe(1)
    expect(error).toContain('Run a has finished already.')
  })

  it('starts the worker with the threads that the run was begun with', async () => {
    await stopped()
    RunFolder.open(join(workspace, 'runs', 'a')).updateManifest({ fingerprint: { ...fakeFingerprint, threads: 5, oneDnn: false } })
    const test = testHeadless(workspace, patientWorker)
    await test.run('resume', 'a')
    expect(test.engine.worker().environment).toMatchObject({ TF_NUM_INTRAOP_THREADS: '5', TF_ENABLE_ONEDNN_OPTS: '0' })
  })
})

describe('a job', () => {
  it('gets absolute paths and checked choices, and its answer is shown', async () => {
    writeFileSync(join(folder, 'architecture.json'), '{}')
    const test = testHeadless(workspace, (worker, command) => {
      if (command.command !== 'job') return
      worker.say({ message: 'progress', task: 'Writing', done: 1, total: 2, remainingSeconds: 1 })
      worker.say({ message: 'result', value: { path: 'x' } })
      worker.exit({ code: 0 })
    })
    const { code, out } = await test.run(
      'export', join(folder, 'architecture.json'), '--init', 'random', '--seed', '9', '--format', 'onnx', '--size', '64x128', '--out', join(folder, 'x.onnx')
    )
    expect(code).toBe(0)
    expect(out).toBe(`Writing\nWritten: ${join(folder, 'x.onnx')}\n`)
    expect(test.engine.worker().commands[0]).toEqual({
      command: 'job',
      job: 'export',
      input: {
        model: join(folder, 'architecture.json'), network: 'student', weights: { kind: 'random', seed: 9 }, format: 'onnx', height: 64, width: 128, out: join(folder, 'x.onnx')
      }
    })
  })

  it('that dies is a fault', async () => {
    const test = testHeadless(workspace, (worker) => {
      worker.write('Illegal instruction')
      worker.exit({ signal: 'SIGILL' })
    })
    const { code, error } = await test.run('scan')
    expect(code).toBe(3)
    expect(error).toContain('The engine ended with signal SIGILL during "scan". Illegal instruction')
  })
})

describe('readers', () => {
  it('inspect prints layers, parameters and multiply-adds', async () => {
    const path = join(folder, 'architecture.json')
    writeFileSync(path, JSON.stringify(architecture))
    const { code, out } = await testHeadless(workspace).run('inspect', path, '--size', '64x128', '--json')
    expect(code).toBe(0)
    const inspection = JSON.parse(out) as { parameters: number; multiplyAdds: number; layers: { name: string; parameters: number; multiplyAdds: number }[] }
    expect(inspection).toMatchObject({ name: 'two cells', classes: 5, height: 64, width: 128, branches: [{ finalScale: 16, cells: 2 }] })
    expect(inspection.layers.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(inspection.parameters)
    expect(inspection.layers.reduce((sum, layer) => sum + layer.multiplyAdds, 0)).toBe(inspection.multiplyAdds)
    const twice = JSON.parse((await testHeadless(workspace).run('inspect', path, '--size', '128x256', '--json')).out) as typeof inspection
    expect(twice.parameters).toBe(inspection.parameters)
    expect(twice.multiplyAdds).toBe(4 * inspection.multiplyAdds)
    const text = (await testHeadless(workspace).run('inspect', path, '--size', '64x128')).out
    expect(text).toContain(`(${inspection.parameters})`)
  })

  it.each([
    ['version', { version: 2 }, 'expected architecture version 1, found 2'],
    ['operator', { branches: [{ finalScale: 8, cells: [{ layer: 0, operator: 'magic', scale: 8, downsample: false, width: 12 }] }] }, 'branches.0.cells.0.operator'],
    ['path', { branches: [{ finalScale: 32, cells: [{ layer: 0, operator: 'conv', scale: 8, downsample: true, width: 12 }] }] }, 'its cells end at scale 16'],
    ['order', { branches: [{ finalScale: 8, cells: [1, 1].map((layer) => ({ layer, operator: 'conv', scale: 8, downsample: false, width: 12 })) }] }, 'expected a layer after 1'],
    ['no branch', { branches: [] }, 'branches'],
    ['a stray key', { extra: 1 }, 'extra']
  ])('inspect refuses an architecture with a wrong %s', async (_, change, sentence) => {
    const path = join(folder, 'architecture.json')
    writeFileSync(path, JSON.stringify({ ...architecture, ...change }))
    const { code, error } = await testHeadless(workspace).run('inspect', path)
    expect(code).toBe(1)
    expect(error).toContain(sentence)
    expect(error).toContain('architecture.json')
  })

  it('runs lists runs, also one that cannot be read', async () => {
    await testHeadless(workspace, goodWorker).run('run', '--preset', 'tiny', '--name', 'done')
    await testHeadless(workspace, patientWorker).run('search', '--preset', 'tiny', '--name', 'begun')
    mkdirSync(join(workspace, 'runs', 'broken'))
    const { code, out } = await testHeadless(workspace).run('runs')
    expect(code).toBe(0)
    expect(out).toMatch(/done +run +finished/)
    expect(out).toMatch(/begun +search +new/)
    expect(out).toMatch(/broken +unreadable/)
  })

  it('digest of a run without a checkpoint is an error, not an empty hash', async () => {
    await testHeadless(workspace, patientWorker).run('run', '--preset', 'tiny', '--name', 'a')
    const { code, out, error } = await testHeadless(workspace).run('digest', 'a')
    expect(code).toBe(3)
    expect(out).toBe('')
    expect(error).toContain('has no checkpoint yet')
  })
})

const architecture = {
  version: 1,
  name: 'two cells',
  classes: 5,
  baseWidth: 2,
  stemWidth: 8,
  branches: [
    {
      finalScale: 16,
      cells: [
        { layer: 0, operator: 'conv', scale: 8, downsample: true, width: 12 },
        { layer: 1, operator: 'conv_2x', scale: 16, downsample: false, width: 8 }
      ]
    }
  ],
  sharedLayers: 0,
  notes: []
}
