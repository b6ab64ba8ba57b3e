/** The engine worker as a child process of Node, found beside this program. */
import { fork } from 'node:child_process'
import type { SpawnEngine } from '../host/engineProcess.js'

/** @param file path of engine.cjs */
export function nodeEngine(file: string): SpawnEngine {
  return (environment) => {
    const child = fork(file, [], { env: environment, serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] })
    // A process that could not be started has no exit; it counts as one that ended at once.
    let failedToStart: (() => void) | undefined
    child.on('error', (error) => {
      process.stderr.write(`The engine process: ${error.message}\n`)
      if (child.pid === undefined) failedToStart?.()
    })
    return {
      pid: child.pid,
      send(command) {
        if (child.connected) child.send(command, () => undefined)
      },
      kill: () => child.kill('SIGKILL'),
      onMessage: (listener) => child.on('message', listener),
      onOutput: (listener) => child.stderr?.on('data', (chunk: Buffer) => listener(chunk.toString('utf8'))),
      onExit(listener) {
        failedToStart = () => listener({ code: 127, signal: null })
        // close comes after exit, when the last output and the last message have been read.
        child.on('close', (code, signal) => listener({ code, signal }))
      }
    }
  }
}
