/** One job outside a run: an engine worker is started for it and leaves when it is done. */
import { AppError } from '../shared/errors.js'
import type { JobInputs } from '../shared/jobInputs.js'
import type { WorkerMessage } from '../shared/protocol.js'
import type { SpawnEngine } from './engineProcess.js'
import { exitText } from './restartPolicy.js'
import { readWorkerMessage } from './workerMessage.js'

export interface EngineJob {
  /** What the job answered. Rejects with an AppError; after `stop` with `undefined` as the answer. */
  result: Promise<unknown>
  stop(): void
  kill(): void
}

export interface EngineJobOptions<Name extends keyof JobInputs> {
  job: Name
  input: JobInputs[Name]
  environment: Record<string, string>
  spawn: SpawnEngine
  onMessage?(message: WorkerMessage): void
}

export function runEngineJob<Name extends keyof JobInputs>(options: EngineJobOptions<Name>): EngineJob {
  const worker = options.spawn(options.environment)
  let value: unknown
  let output = ''
  let failure: AppError | undefined
  worker.onOutput((text) => (output = (output + text).slice(-4096)))
  worker.onMessage((raw) => {
    const message = readWorkerMessage(raw)
    if (message === undefined) return
    if (message.message === 'result') value = message.value
    if (message.message === 'failed') failure = AppError.from(message.error)
    options.onMessage?.(message)
  })
  const result = new Promise<unknown>((resolve, reject) => {
    worker.onExit((exit) => {
      if (failure !== undefined) return reject(failure)
      if (exit.code === 0) return resolve(value)
      const last = output.trim().split('\n').pop() ?? ''
      reject(
        new AppError('engine.crashed', `The engine ended with ${exitText(exit)} during "${options.job}". ${last.slice(0, 300)}`.trim(), {
          hint: 'Try it again; if it happens again, run `cellscope doctor` and report it.'
        })
      )
    })
  })
  worker.send({ command: 'job', job: options.job, input: options.input })
  return { result, stop: () => worker.send({ command: 'stop' }), kill: () => worker.kill() }
}
