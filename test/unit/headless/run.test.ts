import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ForecastRecord } from '../../../src/host/forecastRecord.js'
import { AppError, type ErrorCode } from '../../../src/shared/errors.js'
import { RunFolder } from '../../../src/storage/runFolder.js'
import { lockWorkspace } from '../../../src/storage/workspaceLock.js'
import { fakeFingerprint } from '../host/fakeEngine.js'
import { testHeadless } from './testHeadless.js'
import { events, goodWorker, patientWorker } from './workers.js'

let folder = ''
let workspace = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'))
  workspace = join(folder, 'work space 工作区')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('run', () => {
  it('lays flags over the file over the preset', async () => {
    const path = join(folder, 'a.json')
    writeFileSync(path, JSON.stringify({ space: { layers: 5, baseWidth: 3 }, seed: 7 }))
    const test = testHeadless(workspace, goodWorker)
    const { code } = await test.run(
      'run',
      '--preset',
      'tiny',
      '--config',
      path,
      '--space.layers',
      '6',
      '--data',
      folder,
      '--name',
      'my run'
    )
    expect(code).toBe(0)
    const { settings, job } = RunFolder.open(join(workspace, 'runs', 'my run')).manifest
    expect(job).toBe('run')
    expect(settings).toMatchObject({
      seed: 7,
      space: { layers: 6, baseWidth: 3, widths: [4, 8, 12] },
      data: { source: folder, cropHeight: 64 }
    })
  })

  it('says before the start what one gets, in how many minutes and how much memory', async () => {
    const { out } = await testHeadless(workspace).run('run', '--preset', 'quick', '--dry-run')
    expect(out).toMatch(/You will get two derived networks/)
    expect(out).toMatch(/In all about \d+ (s|min|h).* of memory/)
    for (const stage of [
      'pretrain',
      'search (decoupled)',
      'search (joint)',
      'train-teacher',
      'train-student',
      'train-plain',
      'train-handmade'
    ])
      expect(out).toContain(stage)
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
      'forecast',
      'started',
      'ready',
      'run-state',
      ...events.map(() => 'event'),
      'pulse',
      'finished',
      'run-state',
      'forecast-settled',
      'result'
    ])
    expect(lines[1]).toEqual({ message: 'started', run: 'run', folder: join(workspace, 'runs', 'run') })
    const pulse = lines.find(({ message }) => message === 'pulse')
    expect(pulse).toMatchObject({ pulse: { step: 1, steps: 2, remainingSeconds: 61 } })
    expect(lines.at(-1)).toMatchObject({
      message: 'result',
      value: { finished: true, networks: [{ network: 'teacher' }, { network: 'student' }, { network: 'handmade' }] }
    })
  })

  it('shows a bar with the time left on a terminal, and redraws it in place', async () => {
    const { out } = await testHeadless(workspace, goodWorker, { isInteractive: true }).run('run', '--preset', 'tiny')
    expect(out).toContain('Searching [##########----------] 1/2  loss 2.500  0.50 s/step  1 min 1 s left in all\r\u001b[2K')
  })

  it('tells the time left of the whole run, which the engine does not know', async () => {
    const test = testHeadless(workspace, (worker, command) => {
      if (command.command !== 'run') return
      worker.say({ message: 'ready', fingerprint: fakeFingerprint })
      const clock = { elapsedSeconds: 3, stepSeconds: 1, waitedSeconds: 0, remainingSeconds: null, residentBytes: 5e8 }
      worker.say({ message: 'pulse', pulse: { stage: 'pretrain', step: 1, steps: 4, ...clock } })
      worker.exit({ code: 0 })
    })
    const { lines } = await test.run('run', '--preset', 'tiny', '--json')
    const { stages } = lines[0] as unknown as { stages: { stage: string; minutes: number }[] }
    const after = stages.slice(stages.findIndex(({ stage }) => stage === 'pretrain') + 1).reduce((sum, { minutes }) => sum + minutes * 60, 0)
    const { pulse } = lines.find(({ message }) => message === 'pulse') as unknown as { pulse: { remainingSeconds: number } }
    expect(after).toBeGreaterThan(0)
    expect(pulse.remainingSeconds).toBeGreaterThan(after)
    expect(pulse.remainingSeconds).toBeLessThan(1.5 * after)
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

  it.each<[ErrorCode, number]>([
    ['data.not-found', 1],
    ['disk.full', 3],
    ['internal', 4]
  ])('ends with the code of %s', async (errorCode, expected) => {
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
