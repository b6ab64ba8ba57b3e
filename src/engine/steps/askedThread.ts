import { Worker } from 'node:worker_threads'
import { AppError, type ErrorReport } from '../../shared/errors.js'

/** A thread that answers questions in the order in which they were asked. */
export interface AskedThread<Request, Reply> {
  /** Throws what the thread reports, and engine.crashed where it ended. */
  ask(request: Request): Promise<Exclude<Reply, { error: ErrorReport }>>
  close(): void
}

/** `what` says for people what the thread does: "runs passes of the supernet". */
export function openAskedThread<Request, Reply>(file: string, what: string, workerData?: unknown): AskedThread<Request, Reply> {
  const thread = new Worker(file, { workerData })
  const waiting: ((reply: Reply | { error: ErrorReport }) => void)[] = []
  let died: { error: ErrorReport } | undefined
  const end = (text: string): void => {
    died ??= { error: new AppError('engine.crashed', `A thread that ${what} ended: ${text}.`).report() }
    for (const settle of waiting.splice(0)) settle(died)
  }
  thread.on('message', (reply: Reply) => waiting.shift()?.(reply))
  thread.on('error', (error) => end(error.message))
  thread.on('exit', (code) => end(`exit code ${code}`))
  return {
    async ask(request) {
      const reply = died ?? (await new Promise<Reply | { error: ErrorReport }>((resolve) => {
        waiting.push(resolve)
        thread.postMessage(request)
      }))
      if (isError(reply)) throw AppError.from(reply.error)
      return reply as Exclude<Reply, { error: ErrorReport }>
    },
    close: () => void thread.terminate()
  }
}

function isError(reply: unknown): reply is { error: ErrorReport } {
  return typeof reply === 'object' && reply !== null && 'error' in reply
}
