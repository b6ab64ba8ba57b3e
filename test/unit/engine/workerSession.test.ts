import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { HostPort } from '../../../src/engine/hostPort.js'
import { job } from '../../../src/engine/job.js'
import type { RunContext } from '../../../src/engine/runContext.js'
import { serveHost, type LoadedEngine, type WorkerSession } from '../../../src/engine/workerSession.js'
import { parseSettings } from '../../../src/shared/config/parseSettings.js'
import { AppError } from '../../../src/shared/errors.js'
import type { Fingerprint, WorkerCommand, WorkerMessage } from '../../../src/shared/protocol.js'
import { readJournal } from '../../../src/storage/readJournal.js'
import { RunFolder } from '../../../src/storage/runFolder.js'
import { lockWorkspace } from '../../../src/storage/workspaceLock.js'

const fingerprint: Fingerprint = { cellscope: '0', tensorflow: '2', threads: 2, oneDnn: true, cpu: 'x', device: 'cpu' }

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'session-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Served {
  session: WorkerSession
  sent: WorkerMessage[]
  command(command: WorkerCommand): void
  loseHost(): void
  exitCode: Promise<number>
  kinds(): string[]
}

function serve(engine: Partial<LoadedEngine> | AppError): Served {
  const sent: WorkerMessage[] = []
  let listener: (command: WorkerCommand) => void = () => undefined
  let closed: () => void = () => undefined
  const port: HostPort = {
    send: (message) => void sent.push(JSON.parse(JSON.stringify(message)) as WorkerMessage),
    onCommand: (given) => (listener = given),
    onClose: (given) => (closed = given),
    drained: () => Promise.resolve()
  }
  const loaded: LoadedEngine = {
    fingerprint,
    jobs: {},
    runPipeline: () => Promise.resolve('finished'),
    ...(engine instanceof AppError ? {} : engine)
  }
  let session: WorkerSession | undefined
  const exitCode = new Promise<number>((exit) => {
    session = serveHost({ port, exit, load: () => (engine instanceof AppError ? Promise.reject(engine) : Promise.resolve(loaded)) })
  })
  return {
    session: session as WorkerSession,
    sent,
    exitCode,
    command: (command) => listener(command),
    loseHost: () => closed(),
    kinds: () => sent.map(({ message }) => message).filter((message) => message !== 'heartbeat')
  }
}

function newRun(name = 'a'): RunFolder {
  return RunFolder.create(join(folder, name), { name, job: 'run', settings: parseSettings({}, 'test') })
}

/** A pipeline of steps that writes a note each, and stops when told so. */
function pipeline(steps: number, afterStep: (step: number) => void = () => undefined): LoadedEngine['runPipeline'] {
  return async ({ emit, control, journal, checkpoints, checkpointed, checkpoint }: RunContext) => {
    for (let step = (checkpoint?.position ?? 0) + 1; step <= steps; step++) {
      emit({ type: 'note', text: `step ${step}` })
      afterStep(step)
      const heed = await control.atStep(() => {
        checkpoints.save({ position: step, tensors: new Map(), info: {}, journal: journal.mark() })
        checkpointed(step)
      })
      if (heed === 'stop') return 'stopped'
    }
    return 'finished'
  }
}

describe('a worker with a run', () => {
  it('journals, tells the host, and leaves with 0', async () => {
    const run = newRun()
    const served = serve({ runPipeline: pipeline(3) })
    served.command({ command: 'run', runFolder: run.path, acceptInexact: false })
    expect(await served.exitCode).toBe(0)
    expect(served.kinds()).toEqual(['ready', 'state', 'event', 'event', 'event', 'finished'])
    expect(readJournal(run.journalPath).entries).toEqual([1, 2, 3].map((step) => ({ type: 'note', text: `step ${step}`, sequence: step })))
    expect(RunFolder.open(run.path).manifest.fingerprint).toEqual(fingerprint)
  })

  it('stops at the next step with a checkpoint, and the next worker goes on there', async () => {
    const run = newRun()
    const first = serve({ runPipeline: pipeline(10, (step) => step === 4 && first.command({ command: 'stop' })) })
    first.command({ command: 'run', runFolder: run.path, acceptInexact: false })
    expect(await first.exitCode).toBe(0)
    expect(first.kinds()).not.toContain('finished')
    expect(first.sent).toContainEqual({ message: 'checkpointed', step: 4 })
    const second = serve({ runPipeline: pipeline(10) })
    second.command({ command: 'run', runFolder: run.path, acceptInexact: false })
    expect(await second.exitCode).toBe(0)
    expect(second.sent.filter(({ message }) => message === 'event')).toHaveLength(6)
    expect(readJournal(run.journalPath).entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it.each(['the host is lost', 'the system ends it'])('checkpoints and leaves when %s', async (how) => {
    const run = newRun()
    const served = serve({
      runPipeline: pipeline(1000, (step) => {
        if (step !== 5) return
        if (how === 'the host is lost') served.loseHost()
        else served.session.leave()
      })
    })
    served.command({ command: 'run', runFolder: run.path, acceptInexact: false })
    expect(await served.exitCode).toBe(0)
    expect(served.sent).toContainEqual({ message: 'checkpointed', step: 5 })
  })

  it('heeds a pause that came before the run had begun', async () => {
    const run = newRun()
    const served = serve({ runPipeline: pipeline(3) })
    served.command({ command: 'run', runFolder: run.path, acceptInexact: false })
    served.command({ command: 'pause' })
    while (!served.sent.some((message) => message.message === 'state' && message.state === 'paused'))
      await new Promise((resolve) => setTimeout(resolve, 5))
    expect(readJournal(run.journalPath).entries).toHaveLength(1)
    served.command({ command: 'continue' })
    expect(await served.exitCode).toBe(0)
    expect(served.kinds()).toContain('finished')
  })

  it('tells what the pipeline threw, and leaves with 1', async () => {
    const run = newRun()
    const served = serve({ runPipeline: () => Promise.reject(new AppError('training.not-finite', 'The loss is NaN at step 3.')) })
    served.command({ command: 'run', runFolder: run.path, acceptInexact: false })
    expect(await served.exitCode).toBe(1)
    expect(served.sent.at(-1)).toMatchObject({
      message: 'failed',
      error: { code: 'training.not-finite', kind: 'fault', message: 'The loss is NaN at step 3.' }
    })
  })

  it('refuses to go on with another engine, and names the difference', async () => {
    const run = newRun()
    const first = serve({ runPipeline: pipeline(5, (step) => step === 2 && first.command({ command: 'stop' })) })
    first.command({ command: 'run', runFolder: run.path, acceptInexact: false })
    await first.exitCode
    const other = { fingerprint: { ...fingerprint, threads: 4, cpu: 'y' }, runPipeline: pipeline(5) }
    const second = serve(other)
    second.command({ command: 'run', runFolder: run.path, acceptInexact: false })
    expect(await second.exitCode).toBe(1)
    expect(second.sent.at(-1)).toMatchObject({
      error: { code: 'settings.fingerprint', message: 'Run a would not go on exactly: threads was 2 and is 4, cpu was x and is y.' }
    })
    const third = serve(other)
    third.command({ command: 'run', runFolder: run.path, acceptInexact: true })
    expect(await third.exitCode).toBe(0)
    expect(RunFolder.open(run.path).manifest.inexactFrom).toEqual([{ position: 2, fingerprint: other.fingerprint }])
  })

  it('waits for a worker that still holds the run', async () => {
    const run = newRun()
    const lock = await lockWorkspace(run.path)
    const served = serve({ runPipeline: pipeline(1) })
    served.command({ command: 'run', runFolder: run.path, acceptInexact: false })
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(served.kinds()).toEqual(['ready', 'notice'])
    expect(served.sent).toContainEqual({
      message: 'notice',
      text: 'An engine that was started earlier still finishes its step of run a; waiting for it.'
    })
    await lock.release()
    expect(await served.exitCode).toBe(0)
    expect(served.kinds()).toContain('finished')
  })

  it('names damage to the host', async () => {
    const run = newRun()
    const first = serve({ runPipeline: pipeline(5, (step) => step === 5 && first.command({ command: 'stop' })) })
    first.command({ command: 'run', runFolder: run.path, acceptInexact: false })
    await first.exitCode
    appendFileSync(run.journalPath, 'torn')
    const second = serve({ runPipeline: pipeline(6) })
    second.command({ command: 'run', runFolder: run.path, acceptInexact: false })
    expect(await second.exitCode).toBe(0)
    const notice = second.sent.find(({ message }) => message === 'notice')
    expect(notice).toMatchObject({ text: expect.stringContaining('journal') as string })
    expect(readFileSync(run.journalPath, 'utf8')).not.toContain('torn')
  })
})

describe('a worker with a job', () => {
  const jobs = {
    double: job(z.strictObject({ n: z.number() }), ({ n }, { progress }) => (progress('doubling', 1, 2), Promise.resolve(2 * n)))
  }

  it('answers', async () => {
    const served = serve({ jobs })
    served.command({ command: 'job', job: 'double', input: { n: 21 } })
    expect(await served.exitCode).toBe(0)
    expect(served.sent).toContainEqual({ message: 'result', value: 42 })
    expect(served.kinds()).toEqual(['ready', 'progress', 'result', 'finished'])
  })

  it.each([
    ['nothing', {}, 'There is no job "nothing"; known are double.'],
    ['constructor', {}, 'There is no job "constructor"; known are double.'],
    ['double', { n: 'x' }, 'The input of job "double" is wrong at n'],
    ['double', { n: 1, m: 2 }, 'The input of job "double" is wrong at its root']
  ])('refuses %s %j', async (name, input, message) => {
    const served = serve({ jobs })
    served.command({ command: 'job', job: name, input })
    expect(await served.exitCode).toBe(1)
    expect(served.sent.at(-1)).toMatchObject({ message: 'failed', error: { code: 'protocol.invalid' } })
    expect(JSON.stringify(served.sent.at(-1))).toContain(JSON.stringify(message).slice(1, -1))
  })
})

describe('a worker', () => {
  it('says that the engine cannot be loaded', async () => {
    const served = serve(new AppError('engine.unavailable', 'TensorFlow could not be loaded'))
    expect(await served.exitCode).toBe(1)
    expect(served.sent).toMatchObject([{ message: 'failed', error: { code: 'engine.unavailable' } }])
  })

  it('leaves at once when it is told to stop before it got work', async () => {
    const served = serve({})
    served.command({ command: 'stop' })
    expect(await served.exitCode).toBe(0)
  })

  it('leaves a second task alone and does the first', async () => {
    const served = serve({ runPipeline: pipeline(3) })
    served.command({ command: 'run', runFolder: newRun('a').path, acceptInexact: false })
    const other = newRun('b')
    served.command({ command: 'run', runFolder: other.path, acceptInexact: false })
    expect(await served.exitCode).toBe(0)
    expect(served.kinds()).toContain('notice')
    expect(served.kinds()).toContain('finished')
    expect(existsSync(other.journalPath)).toBe(false)
  })
})
