/** Runs that go on at the desk: steered, watched by several pages, interrupted, resumed, ended. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSettings } from '../../../../src/shared/config/parseSettings.js'
import type { HostNews } from '../../../../src/shared/clientProtocol.js'
import type { RunEvent } from '../../../../src/shared/events.js'
import { AppError } from '../../../../src/shared/errors.js'
import type { WorkerCommand } from '../../../../src/shared/protocol.js'
import { RunFolder, type RunWork } from '../../../../src/storage/runFolder.js'
import { Workspace } from '../../../../src/storage/workspace.js'
import { fakeClock, fakeFingerprint, type FakeWorker } from '../fakeEngine.js'
import { journalOf, refusalOf, testDesk, testPage, until, type TestPage } from './testDesk.js'
import { tiny } from './tinySettings.js'

const step = (number: number, loss = 1): RunEvent => ({ type: 'step', stage: 'search', step: number, loss, learningRate: 0.1 })

/** A worker that begins and then does what the test says; it stops when it is told to. */
class Engine {
  work: RunWork | undefined
  worker: FakeWorker | undefined

  readonly react = (worker: FakeWorker, command: WorkerCommand): void => {
    if (command.command === 'run') {
      this.worker = worker
      worker.say({ message: 'ready', fingerprint: fakeFingerprint })
      this.work = RunFolder.open(command.runFolder).startWork()
      worker.say({ message: 'state', state: 'running' })
    }
    if (command.command === 'pause') worker.say({ message: 'state', state: 'paused' })
    if (command.command === 'continue') worker.say({ message: 'state', state: 'running' })
    if (command.command === 'stop' && worker === this.worker) this.leave()
    else if (command.command === 'stop') worker.exit({ code: 0 })
  }

  step(from: number, to: number, loss = 1): void {
    for (let number = from; number <= to; number++) this.worker!.say({ message: 'event', entry: this.work!.journal.append(step(number, loss)) })
  }

  checkpoint(position: number): void {
    this.work!.checkpoints.save({ position, tensors: new Map(), info: {}, journal: this.work!.journal.mark() })
    this.worker!.say({ message: 'checkpointed', step: position })
  }

  leave(): void {
    this.work?.journal.close()
    this.worker!.exit({ code: 0 })
  }

  /** Without a word; what was gathered and not written is lost. */
  die(): void {
    this.work = undefined
    this.worker!.exit({ signal: 'SIGSEGV' })
  }
}

async function begun(options: Parameters<typeof testDesk>[1] = {}): Promise<ReturnType<typeof testDesk> & { engine2: Engine; asker: TestPage; run: string }> {
  const engine2 = new Engine()
  const made = testDesk(engine2.react, options)
  const asker = made.page()
  const { run } = await asker.ask('startRun', { job: 'search', name: null, settings: tiny })
  await until('the engine', () => engine2.work !== undefined && made.desk.activity().live === 'running')
  return { ...made, engine2, asker, run }
}

const states = (page: TestPage): unknown[] => page.news.flatMap((news) => (news.news === 'state' ? [news.over ?? news.live] : []))
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)
const sequences = (page: TestPage, run: string): number[] => journalOf(page, run).map(({ sequence }) => sequence)

describe('one run at a time', () => {
  it('a second start says which one goes on, on this desk and on another one', async () => {
    const { page, workspace } = await begun()
    const other = page()
    const error = await refusalOf(other.ask('startRun', { job: 'search', name: null, settings: tiny }))
    expect(error).toMatchObject({ code: 'run.live', message: 'Run search is going on here, and one run at a time does.' })
    expect(await refusalOf(testDesk(undefined, { workspace }).page().ask('startRun', { job: 'search', name: null, settings: tiny }))).toMatchObject({
      code: 'workspace.locked'
    })
    expect(readdirSync(join(workspace, 'runs'))).toEqual(['search'])
  })

  it('two starts at the same moment begin one run', async () => {
    const engine2 = new Engine()
    const { page, engine, workspace } = testDesk(engine2.react)
    const asker = page()
    const results = await Promise.allSettled([1, 2, 3].map(() => asker.ask('startRun', { job: 'search', name: null, settings: tiny })))
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    await until('the engine', () => engine.workers.length === 1)
    expect(readdirSync(join(workspace, 'runs'))).toEqual(['search'])
  })

  it('pauses, continues, stops; then it is resumed, or another one is started', async () => {
    const { page, asker, engine2, run, desk } = await begun()
    const watching = page()
    await asker.ask('pauseRun', { run })
    await until('paused', () => desk.activity().live === 'paused')
    expect((await watching.ask('listRuns', {}))[0]).toMatchObject({ name: run, live: 'paused', progress: 'new' })
    await asker.ask('continueRun', { run })
    engine2.step(1, 3)
    engine2.checkpoint(3)
    await asker.ask('stopRun', { run })
    await until('stopped', () => states(watching).includes('stopped'))
    expect(states(watching)).toEqual(['pausing', 'paused', 'running', 'stopping', 'stopped'])
    expect(desk.activity()).toEqual({ run: null, live: null, pulse: null, jobs: 0 })
    expect(await refusalOf(asker.ask('pauseRun', { run }))).toMatchObject({ code: 'request.refused' })
    await asker.ask('resumeRun', { run })
    await until('running again', () => desk.activity().live === 'running')
    await asker.ask('stopRun', { run })
    await until('stopped again', () => desk.activity().run === null)
    expect(await asker.ask('startRun', { job: 'search', name: null, settings: tiny })).toEqual({ run: 'search-2' })
  })

  it('a run that fails says why, and the workspace is free again', async () => {
    const { asker, engine2, workspace } = await begun()
    engine2.worker!.say({ message: 'failed', error: new AppError('disk.full', 'The disk is full.').report() })
    engine2.worker!.exit({ code: 1 })
    await until('failed', () => states(asker).includes('failed'))
    const over = asker.news.find((news) => news.news === 'state' && news.over !== null)
    expect(over).toMatchObject({ over: 'failed', live: null, error: { code: 'disk.full', message: 'The disk is full.' } })
    const lock = await Workspace.open(workspace).lock()
    await lock.release()
  })

  it('a forecast that was settled is told, pulses go to those who watch, tasks and notices to all', async () => {
    const { page, asker, engine2, run, desk } = await begun()
    const watching = page()
    await watching.ask('watchRun', { run, fromSequence: 1 })
    const pulse = { stage: 'search', step: 1, steps: 4, elapsedSeconds: 1, stepSeconds: 1, waitedSeconds: 0, remainingSeconds: 3, residentBytes: 1 } as const
    engine2.worker!.say({ message: 'pulse', pulse })
    engine2.worker!.say({ message: 'progress', task: 'latency', done: 1, total: 3, remainingSeconds: 2 })
    engine2.worker!.say({ message: 'notice', text: 'A checkpoint was set aside.' })
    await until('the notice', () => asker.news.some((news) => news.news === 'notice'))
    const kinds = (each: TestPage): string[] => each.news.map(({ news }) => news).filter((news) => ['pulse', 'task', 'notice'].includes(news))
    expect(kinds(watching)).toEqual(['pulse', 'task', 'notice'])
    expect(kinds(asker)).toEqual(['task', 'notice'])
    expect(desk.activity().pulse).toMatchObject({ step: 1 })
    const late = page()
    await late.ask('watchRun', { run, fromSequence: 1 })
    expect(kinds(late)).toEqual(['pulse'])
  })
})

describe('watching', () => {
  it('two pages, one from the beginning and one that comes later, both have the whole journal, each entry once', async () => {
    const { page, asker, engine2, run } = await begun()
    await asker.ask('watchRun', { run, fromSequence: 1 })
    engine2.step(1, 30)
    await until('the first thirty', () => sequences(asker, run).length === 30)
    engine2.work!.journal.flush()
    engine2.step(31, 60)
    const late = page()
    await late.ask('watchRun', { run, fromSequence: 1 })
    engine2.step(61, 90)
    await until('all', () => sequences(late, run).length >= 90 && sequences(asker, run).length >= 90)
    expect(sequences(asker, run)).toEqual(upTo(90))
    expect(sequences(late, run)).toEqual(upTo(90))
    await asker.ask('unwatchRun', { run })
    engine2.step(91, 95)
    await until('the rest', () => sequences(late, run).length === 95)
    expect(sequences(asker, run).length).toBe(90)
  })

  it('the engine dies and goes on from its checkpoint: it is said, and no entry comes twice or never', async () => {
    const { page, asker, engine, engine2, run } = await begun()
    await asker.ask('watchRun', { run, fromSequence: 1 })
    engine2.step(1, 10)
    engine2.checkpoint(10)
    engine2.step(11, 18)
    await until('eighteen', () => sequences(asker, run).length === 18)
    engine2.die()
    await until('the second engine', () => engine.workers.length === 2 && engine2.work !== undefined)
    const incident = asker.news.find((news) => news.news === 'incident')
    expect(incident).toEqual({
      news: 'incident', run, what: 'death', checkpointStep: 10, restarts: 0,
      text: 'The engine ended with signal SIGSEGV; nothing before the last checkpoint is lost.'
    })
    engine2.step(11, 14)
    const late = page()
    await late.ask('watchRun', { run, fromSequence: 1 })
    engine2.step(15, 25)
    await until('all', () => sequences(late, run).length >= 25 && sequences(asker, run).length >= 25)
    expect(sequences(asker, run)).toEqual(upTo(25))
    expect(sequences(late, run)).toEqual(upTo(25))
    expect(asker.news.filter((news) => news.news === 'journal' && news.cutTo !== undefined)).toEqual([])
    expect(states(asker)).toEqual(['starting', 'running', 'starting', 'running'])
  })

  it('what came out otherwise after a crash replaces what a page had', async () => {
    const { asker, engine, engine2, run } = await begun()
    await asker.ask('watchRun', { run, fromSequence: 1 })
    engine2.step(1, 5)
    engine2.checkpoint(5)
    engine2.step(6, 9)
    await until('nine', () => sequences(asker, run).length === 9)
    engine2.die()
    await until('the second engine', () => engine.workers.length === 2 && engine2.work !== undefined)
    engine2.step(6, 7)
    engine2.step(8, 10, 0.5)
    const cut = (): Extract<HostNews, { news: 'journal' }>[] => asker.news.filter((news) => news.news === 'journal').filter(({ cutTo }) => cutTo !== undefined)
    await until('the cut', () => cut().length > 0 && journalOf(asker, run).some(({ sequence }) => sequence === 10))
    expect(cut()[0]).toMatchObject({ cutTo: 7, entries: [{ sequence: 8, loss: 0.5 }, { sequence: 9 }, { sequence: 10 }] })
  })

  it('a run of another process is followed through its file, with its pulses; pausing it here is refused', async () => {
    const { page, workspace } = testDesk()
    const folder = Workspace.open(workspace).createRun({ name: 'elsewhere', job: 'search', settings: runSettings() })
    const work = folder.startWork()
    const asker = page()
    await asker.ask('watchRun', { run: 'elsewhere', fromSequence: 1 })
    for (let number = 1; number <= 5; number++) work.journal.append(step(number))
    work.journal.flush()
    await until('five', () => sequences(asker, 'elsewhere').length === 5)
    folder.appendPulse({ stage: 'search', step: 5, steps: 9, elapsedSeconds: 1, stepSeconds: 1, waitedSeconds: 0, remainingSeconds: 4, residentBytes: 1 })
    await until('the pulse', () => asker.news.some((news) => news.news === 'pulse' && news.pulse.step === 5))
    const mark = work.journal.mark()
    for (let number = 6; number <= 8; number++) work.journal.append(step(number))
    work.journal.flush()
    await until('eight', () => sequences(asker, 'elsewhere').length === 8)
    work.journal.cutTo(mark)
    for (let number = 6; number <= 9; number++) work.journal.append(step(number))
    work.journal.flush()
    await until('nine', () => sequences(asker, 'elsewhere').length === 9)
    expect(sequences(asker, 'elsewhere')).toEqual(upTo(9))
    expect(await refusalOf(asker.ask('pauseRun', { run: 'elsewhere' }))).toMatchObject({ code: 'request.refused' })
    work.journal.close()
  })

  it('a run that another process begins is told', async () => {
    const { page, workspace } = testDesk()
    const asker = page()
    expect(await asker.ask('listRuns', {})).toEqual([])
    Workspace.open(workspace).createRun({ name: 'elsewhere', job: 'search', settings: runSettings() })
    await until('the news', () => asker.news.some(({ news }) => news === 'runs'))
    expect(await asker.ask('listRuns', {})).toMatchObject([{ name: 'elsewhere', progress: 'new', live: null }])
  })

  it('a damaged journal is shown up to the damage, and that is said once', async () => {
    const { page, workspace } = testDesk()
    const folder = Workspace.open(workspace).createRun({ name: 'torn', job: 'search', settings: runSettings() })
    const work = folder.startWork()
    for (let number = 1; number <= 3; number++) work.journal.append(step(number))
    work.journal.close()
    writeFileSync(folder.journalPath, readFileSync(folder.journalPath, 'utf8').replace('"step":2', '"step":9'))
    const asker = page()
    await asker.ask('watchRun', { run: 'torn', fromSequence: 1 })
    await until('the notice', () => asker.news.some((news) => news.news === 'notice'))
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(asker.news.filter((news) => news.news === 'notice')).toEqual([{ news: 'notice', run: 'torn', text: 'The journal of torn is damaged at line 2 and is shown up to there.' }])
    expect(sequences(asker, 'torn')).toEqual([1])
  })

  it('a page watches sixteen runs at most', async () => {
    const { page, workspace } = testDesk()
    const folder = Workspace.open(workspace)
    for (let number = 1; number <= 17; number++) folder.createRun({ name: `run ${number}`, job: 'search', settings: runSettings() })
    const asker = page()
    for (let number = 1; number <= 16; number++) await asker.ask('watchRun', { run: `run ${number}`, fromSequence: 1 })
    expect(await refusalOf(asker.ask('watchRun', { run: 'run 17', fromSequence: 1 }))).toMatchObject({ code: 'request.refused' })
    await asker.ask('watchRun', { run: 'run 3', fromSequence: 1 })
  })
})

describe('closing the desk', () => {
  it('stops the run with a checkpoint, ends jobs, closes pages', async () => {
    const { desk, engine, asker, workspace } = await begun()
    void asker.ask('scan', { data: runSettings().data, seed: 1 }).catch(() => undefined)
    await until('the scan', () => engine.workers.length === 2)
    await desk.close()
    expect(engine.workers.map(({ alive }) => alive)).toEqual([false, false])
    expect(engine.workers[0].commands.map(({ command }) => command)).toContain('stop')
    expect(engine.workers[0].killed).toBe(false)
    await until('the page', asker.closed)
    const lock = await Workspace.open(workspace).lock()
    await lock.release()
  })

  it('an engine that does not heed is killed within ten seconds, a stalled scan too', async () => {
    const clock = fakeClock()
    const { desk, engine, page } = testDesk((worker, { command }) => command === 'run' && worker.say({ message: 'state', state: 'running' }), { clock })
    const asker = page()
    await asker.ask('startRun', { job: 'search', name: null, settings: tiny })
    void asker.ask('scan', { data: runSettings().data, seed: 1 }).catch(() => undefined)
    await until('two workers', () => engine.workers.length === 2)
    const closed = desk.close()
    clock.pass(7000)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(engine.workers[0].killed).toBe(false)
    clock.pass(1500)
    await closed
    expect(engine.workers.map(({ alive }) => alive)).toEqual([false, false])
  })

  it('nothing starts on a desk that is closed', async () => {
    const { desk, engine } = testDesk()
    await desk.close()
    const asker = testPage(desk)
    expect(await refusalOf(asker.ask('startRun', { job: 'search', name: null, settings: tiny }))).toMatchObject({ code: 'request.refused' })
    expect(await refusalOf(asker.ask('scan', { data: runSettings().data, seed: 1 }))).toMatchObject({ code: 'request.refused' })
    expect(engine.workers).toEqual([])
  })
})

describe('what goes on', () => {
  it('is told to the shell', async () => {
    const seen: unknown[] = []
    const engine2 = new Engine()
    const { desk, page } = testDesk(engine2.react)
    const release = desk.onActivity(({ run, live }) => seen.push(live === null ? null : `${run} ${live}`))
    const asker = page()
    await asker.ask('startRun', { job: 'search', name: null, settings: tiny })
    await until('running', () => desk.activity().live === 'running')
    await asker.ask('stopRun', { run: 'search' })
    await until('the end', () => desk.activity().run === null)
    expect(seen.filter((each, index) => each !== seen[index - 1])).toEqual(['search starting', 'search running', 'search stopping', null])
    release()
    const count = seen.length
    await asker.ask('resumeRun', { run: 'search' })
    expect(seen.length).toBe(count)
  })
})

function runSettings(): RunFolder['manifest']['settings'] {
  return parseSettings(tiny, 'test')
}
