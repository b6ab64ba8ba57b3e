/** The command line in this process: its output caught, its engine a fake, its Ctrl-C a function. */
import { main } from '../../../src/headless/main.js'
import type { Headless } from '../../../src/headless/terminal.js'
import type { WorkerCommand } from '../../../src/shared/protocol.js'
import { fakeEngine, type FakeEngine, type FakeWorker } from '../host/fakeEngine.js'

export interface Ran {
  code: number
  out: string
  error: string
  /** The lines of standard output, each read as JSON. */
  lines: Record<string, unknown>[]
}

export interface TestHeadless {
  engine: FakeEngine
  interrupt(signal?: 'SIGINT' | 'SIGTERM'): void
  run(...words: string[]): Promise<Ran>
  /** What was written to standard output so far. */
  out(): string
  /** Addresses that were opened in a browser. */
  opened: string[]
}

export function testHeadless(
  workspace: string,
  react: (worker: FakeWorker, command: WorkerCommand, headless: TestHeadless) => void = () => undefined,
  terminal: { isInteractive?: boolean; columns?: number; pages?: string } = {}
): TestHeadless {
  let out = ''
  let listeners: ((signal: 'SIGINT' | 'SIGTERM') => void)[] = []
  const engine = fakeEngine((worker, command) => queueMicrotask(() => react(worker, command, test)))
  const test: TestHeadless = {
    engine,
    interrupt: (signal = 'SIGINT') => listeners.forEach((listener) => listener(signal)),
    opened: [],
    out: () => out,
    async run(...words) {
      out = ''
      let error = ''
      const headless: Headless = {
        terminal: {
          out: (text) => void (out += text),
          error: (text) => void (error += text),
          isInteractive: terminal.isInteractive ?? false,
          columns: terminal.columns ?? 100
        },
        spawn: engine.spawn,
        onInterrupt(listener) {
          listeners.push(listener)
          return () => void (listeners = listeners.filter((other) => other !== listener))
        },
        defaultWorkspace: workspace,
        doctorScript: '/nowhere/doctor.mjs',
        pages: terminal.pages ?? '/nowhere/workbench',
        openAddress: (address) => void test.opened.push(address)
      }
      const code = await main(words, headless)
      const written = out
      return {
        code,
        out: written,
        error,
        get lines() {
          return written
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Record<string, unknown>)
        }
      }
    }
  }
  return test
}
