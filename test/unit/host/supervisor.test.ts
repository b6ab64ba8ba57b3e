import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/core/random.js'
import type { Incident } from '../../../src/host/incident.js'
import { isOver, type RunState } from '../../../src/host/runState.js'
import { superviseRun, type SupervisedRun, type SupervisorOptions } from '../../../src/host/supervisor.js'
import { AppError } from '../../../src/shared/errors.js'
import type { WorkerMessage } from '../../../src/shared/protocol.js'
import { fakeClock, fakeEngine, fakeFingerprint, type FakeClock, type FakeEngine } from './fakeEngine.js'

const ready: WorkerMessage = { message: 'ready', fingerprint: fakeFingerprint }
const running: WorkerMessage = { message: 'state', state: 'running' }

interface Supervised {
  run: SupervisedRun
  engine: FakeEngine
  clock: FakeClock
  incidents: Incident[]
  states: RunState[]
  stalls: number[]
}

function supervise(engine: FakeEngine = fakeEngine(), extra: Partial<SupervisorOptions> = {}): Supervised {
  const clock = fakeClock()
  const incidents: Incident[] = []
  const states: RunState[] = []
  const stalls: number[] = []
  const run = superviseRun({
    runFolder: '/runs/a',
    acceptInexact: false,
    environment: { TF_NUM_INTRAOP_THREADS: '2' },
    spawn: engine.spawn,
    clock,
    onIncident: (incident) => incidents.push(incident),
    onState: (state) => states.push(state),
    onStall: (seconds) => stalls.push(seconds),
    ...extra
  })
  return { run, engine, clock, incidents, states, stalls }
}

function begin({ engine }: Supervised): void {
  engine.worker().say(ready)
  engine.worker().say(running)
}

describe('superviseRun', () => {
  it('sees a run through', async () => {
    const supervised = supervise()
    begin(supervised)
    expect(supervised.engine.worker().commands).toEqual([{ command: 'run', runFolder: '/runs/a', acceptInexact: false }])
    expect(supervised.engine.worker().environment).toEqual({ TF_NUM_INTRAOP_THREADS: '2' })
    supervised.engine.worker().say({ message: 'finished' })
    supervised.engine.worker().exit({ code: 0 })
    expect(await supervised.run.outcome).toEqual({ state: 'finished', restarts: 0 })
    expect(supervised.states).toEqual(['running', 'finished'])
    expect(supervised.incidents).toEqual([])
  })

  it('starts a worker that died again, and keeps what is known of the death', async () => {
    const supervised = supervise()
    const { engine, run, incidents } = supervised
    begin(supervised)
    engine.worker().say({ message: 'event', entry: { type: 'note', text: 'step 1', sequence: 1 } })
    engine.worker().say({ message: 'checkpointed', step: 40 })
    engine.worker().write('Segmentation fault')
    engine.worker().exit({ signal: 'SIGSEGV' })
    expect(engine.workers).toHaveLength(2)
    expect(engine.worker().commands).toEqual([{ command: 'run', runFolder: '/runs/a', acceptInexact: false }])
    expect(incidents).toMatchObject([{ what: 'death', exit: { signal: 'SIGSEGV' }, checkpointStep: 40, output: 'Segmentation fault' }])
    expect(incidents[0].entries).toEqual([{ type: 'note', text: 'step 1', sequence: 1 }])
    begin(supervised)
    engine.worker().say({ message: 'finished' })
    engine.worker().exit({ code: 0 })
    expect(await run.outcome).toEqual({ state: 'finished', restarts: 1 })
  })

  it('gives up after three restarts without a new checkpoint', async () => {
    const supervised = supervise()
    for (let death = 0; death < 4; death++) {
      begin(supervised)
      supervised.engine.worker().say({ message: 'checkpointed', step: 10 })
      if (death > 0) supervised.engine.worker().say({ message: 'checkpointed', step: 5 })
      supervised.engine.worker().exit({ signal: 'SIGABRT' })
    }
    const outcome = await supervised.run.outcome
    expect(outcome).toMatchObject({ state: 'failed', restarts: 3 })
    expect(outcome.error?.code).toBe('engine.crashed')
    expect(outcome.error?.message).toContain('signal SIGABRT')
    expect(supervised.engine.workers).toHaveLength(4)
    expect(supervised.incidents).toHaveLength(4)
  })

  it('goes on for as long as there is progress between the deaths', () => {
    const supervised = supervise()
    for (let death = 1; death <= 20; death++) {
      begin(supervised)
      supervised.engine.worker().say({ message: 'checkpointed', step: death * 10 })
      supervised.engine.worker().exit({ signal: 'SIGABRT' })
    }
    expect(supervised.run.state()).toBe('starting')
    expect(supervised.engine.workers).toHaveLength(21)
  })

  it('names memory when the worker is killed from outside twice at the same place', async () => {
    const supervised = supervise()
    begin(supervised)
    supervised.engine.worker().exit({ signal: 'SIGKILL' })
    begin(supervised)
    supervised.engine.worker().exit({ signal: 'SIGKILL' })
    expect((await supervised.run.outcome).error?.code).toBe('memory.exhausted')
  })

  it('does not try again when the engine cannot be started', async () => {
    const supervised = supervise()
    supervised.engine.worker().write('loading\nError: libtensorflow.so.2: cannot open shared object file\n')
    supervised.engine.worker().exit({ code: 1 })
    const { error, restarts } = await supervised.run.outcome
    expect(error?.code).toBe('engine.unavailable')
    expect(error?.message).toContain('libtensorflow.so.2')
    expect(restarts).toBe(0)
  })

  it.each([
    [new AppError('data.not-found', 'x: no such folder'), 0],
    [new AppError('disk.full', 'The disk is full'), 1],
    [new AppError('internal', 'oops'), 1]
  ])('passes on what the worker named: %s', async (error, incidents) => {
    const supervised = supervise()
    begin(supervised)
    supervised.engine.worker().say({ message: 'failed', error: error.report() })
    supervised.engine.worker().exit({ code: 1 })
    const outcome = await supervised.run.outcome
    expect(outcome.state).toBe('failed')
    expect(outcome.error?.report()).toEqual(error.report())
    expect(supervised.incidents).toHaveLength(incidents)
    expect(supervised.engine.workers).toHaveLength(1)
  })

  it('shows a stall, and ends and restarts a worker that stays silent', async () => {
    const supervised = supervise()
    begin(supervised)
    supervised.clock.pass(25_000)
    supervised.engine.worker().say({ message: 'heartbeat' })
    supervised.clock.pass(29_000)
    expect(supervised.stalls).toEqual([])
    supervised.clock.pass(6000)
    expect(supervised.stalls).toHaveLength(1)
    expect(supervised.engine.worker().killed).toBe(false)
    supervised.clock.pass(600_000)
    expect(supervised.stalls).toHaveLength(1)
    expect(supervised.engine.workers[0].killed).toBe(true)
    await Promise.resolve()
    expect(supervised.engine.workers).toHaveLength(2)
    expect(supervised.incidents.map(({ what }) => what)).toEqual(['stall', 'death'])
  })

  it('counts a stall anew after a sign of life', () => {
    const supervised = supervise()
    begin(supervised)
    supervised.clock.pass(40_000)
    supervised.engine.worker().say({ message: 'heartbeat' })
    supervised.clock.pass(40_000)
    expect(supervised.stalls).toHaveLength(2)
  })

  it('pauses, goes on and stops', async () => {
    const supervised = supervise()
    const { run, engine } = supervised
    begin(supervised)
    run.pause()
    run.pause()
    expect(run.state()).toBe('pausing')
    engine.worker().say({ message: 'state', state: 'paused' })
    expect(run.state()).toBe('paused')
    run.continue()
    expect(run.state()).toBe('running')
    run.stop()
    run.stop()
    run.pause()
    expect(engine.worker().commands.map(({ command }) => command)).toEqual(['run', 'pause', 'continue', 'stop'])
    engine.worker().exit({ code: 0 })
    expect(await run.outcome).toEqual({ state: 'stopped', restarts: 0 })
  })

  it('keeps a pause over the death of the worker', () => {
    const supervised = supervise()
    begin(supervised)
    supervised.run.pause()
    supervised.engine.worker().say({ message: 'state', state: 'paused' })
    supervised.engine.worker().exit({ signal: 'SIGSEGV' })
    expect(supervised.run.state()).toBe('pausing')
    expect(supervised.engine.worker().commands.map(({ command }) => command)).toEqual(['run', 'pause'])
  })

  it('does not start a worker again that died while it stopped', async () => {
    const supervised = supervise()
    begin(supervised)
    supervised.run.stop()
    supervised.run.kill()
    expect(await supervised.run.outcome).toEqual({ state: 'stopped', restarts: 0 })
    expect(supervised.engine.workers).toHaveLength(1)
  })

  it('keeps only the last 200 events for an incident', () => {
    const supervised = supervise()
    begin(supervised)
    for (let sequence = 1; sequence <= 500; sequence++)
      supervised.engine.worker().say({ message: 'event', entry: { type: 'note', text: '', sequence } })
    supervised.engine.worker().exit({ signal: 'SIGSEGV' })
    expect(supervised.incidents[0].entries).toHaveLength(200)
    expect(supervised.incidents[0].entries[199]).toMatchObject({ sequence: 500 })
  })

  it.each([
    undefined,
    null,
    7,
    'finished',
    {},
    { message: 'explode' },
    { message: 'checkpointed', step: -1 },
    { message: 'checkpointed', step: 'x' },
    { message: 'failed', error: { code: 'nonsense', kind: 'user', message: '', hint: '' } },
    { message: 'state', state: 'finished' },
    { message: 'event', entry: null },
    { message: 'pulse', pulse: { step: 1 } }
  ])('does not believe %j', (message) => {
    const supervised = supervise()
    begin(supervised)
    supervised.engine.worker().sayAnything(message)
    expect(supervised.run.state()).toBe('running')
    expect(supervised.incidents.map(({ what }) => what)).toEqual(['message'])
  })

  it('ignores what a worker says that was replaced', () => {
    const supervised = supervise()
    begin(supervised)
    const [first] = supervised.engine.workers
    first.exit({ signal: 'SIGSEGV' })
    first.alive = true
    first.say({ message: 'finished' })
    first.exit({ code: 0 })
    expect(supervised.run.state()).toBe('starting')
  })
})

describe('a storm of pause, continue, stop and deaths', () => {
  const workerState: Record<string, 'running' | 'paused' | 'stopping'> = {
    run: 'running',
    continue: 'running',
    pause: 'paused',
    stop: 'stopping'
  }

  it.each(Array.from({ length: 40 }, (_, seed) => seed + 1))('leaves no illegal state (seed %i)', async (seed) => {
    const random = randomStream(seed, 'storm')
    const pending: (() => void)[] = []
    const engine = fakeEngine((worker, { command }) => {
      // The worker answers later, in order, when the storm lets it.
      pending.push(() => {
        if (command === 'run') worker.say(ready)
        worker.say({ message: 'state', state: workerState[command] })
        if (command === 'stop') worker.exit({ code: 0 })
      })
    })
    const supervised = supervise(engine)
    const { run, clock } = supervised
    let wanted: 'go' | 'pause' | 'stop' = 'go'
    let checkpoint = 0
    for (let step = 0; step < 250 && wanted !== 'stop'; step++) {
      const draw = random.integer(100)
      if (draw < 25) [wanted] = ['pause' as const, run.pause()]
      else if (draw < 50) [wanted] = ['go' as const, run.continue()]
      else if (draw < 51) [wanted] = ['stop' as const, run.stop()]
      else if (draw < 85) pending.shift()?.()
      else if (draw < 90) engine.worker().say({ message: 'checkpointed', step: ++checkpoint })
      else if (draw < 93) {
        engine.worker().say(ready)
        engine.worker().say({ message: 'checkpointed', step: ++checkpoint })
        engine.worker().exit({ signal: 'SIGSEGV' })
      } else clock.pass(random.integer(1000))
      expect(isOver(run.state()), `step ${step}`).toBe(false)
    }
    while (pending.length > 0) pending.shift()?.()
    if (wanted === 'stop') {
      expect(await run.outcome).toMatchObject({ state: 'stopped' })
      expect(engine.workers.every((worker) => !worker.alive)).toBe(true)
    } else {
      expect(run.state()).toBe(wanted === 'pause' ? 'paused' : 'running')
      expect(engine.workers.filter((worker) => worker.alive)).toHaveLength(1)
    }
  })
})
