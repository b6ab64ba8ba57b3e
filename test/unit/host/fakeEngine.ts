/** Engine workers and a clock that a test plays by hand. */
import type { Clock } from '../../../src/host/clock.js'
import type { EngineExit, EngineProcess, SpawnEngine } from '../../../src/host/engineProcess.js'
import type { Fingerprint, WorkerCommand, WorkerMessage } from '../../../src/shared/protocol.js'

export const fakeFingerprint: Fingerprint = { cellscope: '0', tensorflow: '0', threads: 2, oneDnn: true, cpu: 'fake', device: 'cpu' }

export interface FakeWorker {
  environment: Record<string, string>
  commands: WorkerCommand[]
  killed: boolean
  say(message: WorkerMessage): void
  sayAnything(message: unknown): void
  write(text: string): void
  exit(exit: Partial<EngineExit>): void
  alive: boolean
}

export interface FakeEngine {
  spawn: SpawnEngine
  workers: FakeWorker[]
  /** The newest one. */
  worker(): FakeWorker
}

/** `react` is called for each command of each worker, and may answer. A kill makes the worker exit with SIGKILL, as the system does. */
export function fakeEngine(react: (worker: FakeWorker, command: WorkerCommand) => void = () => undefined): FakeEngine {
  const workers: FakeWorker[] = []
  const spawn: SpawnEngine = (environment) => {
    const onMessage: ((message: unknown) => void)[] = []
    const onOutput: ((text: string) => void)[] = []
    const onExit: ((exit: EngineExit) => void)[] = []
    const worker: FakeWorker = {
      environment,
      commands: [],
      killed: false,
      alive: true,
      say: (message) => worker.sayAnything(message),
      sayAnything: (message) => worker.alive && onMessage.forEach((listener) => listener(message)),
      write: (text) => onOutput.forEach((listener) => listener(text)),
      exit({ code = null, signal = null }) {
        if (!worker.alive) return
        worker.alive = false
        onExit.forEach((listener) => listener({ code, signal }))
      }
    }
    workers.push(worker)
    const engine: EngineProcess = {
      pid: workers.length,
      send(command) {
        if (!worker.alive) return
        worker.commands.push(command)
        react(worker, command)
      },
      kill() {
        worker.killed = true
        queueMicrotask(() => worker.exit({ signal: 'SIGKILL' }))
      },
      onMessage: (listener) => void onMessage.push(listener),
      onOutput: (listener) => void onOutput.push(listener),
      onExit: (listener) => void onExit.push(listener)
    }
    return engine
  }
  return { spawn, workers, worker: () => workers[workers.length - 1] }
}

export interface FakeClock extends Clock {
  pass(milliseconds: number): void
}

export function fakeClock(): FakeClock {
  let time = 0
  let timers: { at: number; work: () => void }[] = []
  return {
    now: () => time,
    after(delayMs, work) {
      const timer = { at: time + delayMs, work }
      timers.push(timer)
      return () => void (timers = timers.filter((other) => other !== timer))
    },
    pass(milliseconds) {
      const end = time + milliseconds
      for (;;) {
        const next = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0]
        if (next === undefined) break
        timers = timers.filter((timer) => timer !== next)
        time = next.at
        next.work()
      }
      time = end
    }
  }
}
