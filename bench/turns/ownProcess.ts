import { spawn, type ChildProcess } from 'node:child_process'
import { engineEnvironment } from '../../src/shared/engineEnvironment.js'

/** The bench `program` (the caller's `__filename`) once more in a process of its own, with `args`; TensorFlow there has `threads` threads. */
export function ownProcess(program: string, args: string[], { threads, oneDnn = true }: { threads: number; oneDnn?: boolean }): ChildProcess {
  const script = `require(${JSON.stringify(program)}).main(${JSON.stringify(args)}).catch((error) => { console.error(error); process.exit(1) })`
  return spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...engineEnvironment({ threads, oneDnn }) } })
}
