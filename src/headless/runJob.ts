/** A single job of the engine in the foreground: its progress shown, Ctrl-C ends it. */
import { runEngineJob } from '../host/runEngineJob.js'
import { workerEnvironment } from '../host/workerEnvironment.js'
import type { JobInputs } from '../shared/jobInputs.js'
import type { CommandContext } from './commandContext.js'
import { exitCode } from './exitCode.js'

/** Shows the job's answer as `text` says, and gives the exit code. @throws AppError as the job failed */
export async function runJob<Name extends keyof JobInputs>(
  { headless, view }: CommandContext,
  job: Name,
  input: JobInputs[Name],
  text: (value: unknown) => string
): Promise<number> {
  let interruptedBy: 'SIGINT' | 'SIGTERM' | undefined
  const running = runEngineJob({
    job,
    input,
    environment: workerEnvironment({ threads: 0, oneDnn: true }),
    spawn: headless.spawn,
    onMessage: (message) => view.message(message)
  })
  const release = headless.onInterrupt((signal) => {
    if (interruptedBy !== undefined) return running.kill()
    interruptedBy = signal
    running.stop()
  })
  try {
    const value = await running.result
    if (interruptedBy === undefined) view.result(value, text(value))
  } catch (error) {
    if (interruptedBy === undefined) throw error
  } finally {
    release()
    view.close()
  }
  if (interruptedBy === undefined) return exitCode.ok
  return interruptedBy === 'SIGINT' ? exitCode.interrupted : exitCode.terminated
}
