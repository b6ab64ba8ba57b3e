/** The engine worker as a utility process of Electron: its own memory, and an end of its own that the host hears of. */
import { utilityProcess, type UtilityProcess } from 'electron'
import type { EngineProcess, SpawnEngine } from '../host/engineProcess.js'
import { farewell } from '../shared/farewell.js'
import { exitOfUtility } from './exitOfUtility.js'

const lastOutputMs = 100

export interface ElectronEngines {
  spawn: SpawnEngine
  /** Process ids of the workers that live now. */
  pids(): number[]
  /** Ends every worker at once, without a checkpoint. */
  killAll(): void
}

/** @param file path of engine.cjs */
export function electronEngines(file: string): ElectronEngines {
  const living = new Set<EngineProcess>()
  return {
    spawn(environment) {
      const options = { env: environment, stdio: ['ignore' as const, 'ignore' as const, 'pipe' as const], serviceName: 'Cellscope engine' }
      const engine = engineProcess(utilityProcess.fork(file, [], options))
      living.add(engine)
      engine.onExit(() => living.delete(engine))
      return engine
    },
    pids: () => [...living].flatMap(({ pid }) => pid ?? []),
    killAll: () => [...living].forEach((engine) => engine.kill())
  }
}

function engineProcess(child: UtilityProcess): EngineProcess {
  let killed = false
  let ended = false
  let saidFarewell = false
  // Electron forgets the process id before it tells of the exit.
  let pid: number | undefined
  child.on('spawn', () => {
    pid = child.pid
    if (killed) end(child)
  })
  child.on('message', (message) => {
    if (message !== farewell) return
    saidFarewell = true
    child.postMessage(farewell)
  })
  return {
    get pid() {
      return pid
    },
    send(command) {
      if (!ended) child.postMessage(command)
    },
    kill() {
      killed = true
      if (!ended) end(child)
    },
    onMessage: (listener) => child.on('message', (message) => message !== farewell && listener(message)),
    onOutput: (listener) => child.stderr?.on('data', (chunk: Buffer) => listener(chunk.toString('utf8'))),
    onExit: (listener) =>
      child.once('exit', (code) => {
        ended = true
        // The pipe of the error output is not closed by Electron; what was written last is read in a moment.
        setTimeout(() => listener(exitOfUtility(code, saidFarewell)), lastOutputMs)
      })
  }
}

/** SIGKILL and not Electron's own `kill`, which asks: a worker inside a long native call would not hear it. */
function end(child: UtilityProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(child.pid, 'SIGKILL')
  } catch {
    // It ended meanwhile.
  }
}
