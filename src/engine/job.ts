/** The single jobs that can be asked for outside a run, by name: each checks its input and returns a plain-data result. */
import type { z } from 'zod'
import { AppError } from '../shared/errors.js'

/** What a job may use besides its input. */
export interface JobContext {
  progress(task: string, done: number, total: number): void
  /** For parts without progress; `progress` itself ends a job that should stop. */
  stopRequested(): boolean
}

export interface Job<Input = unknown> {
  input: z.ZodType<Input>
  run(input: Input, context: JobContext): Promise<unknown>
}

/** Keeps the input's type between schema and function. */
export function job<Input>(input: z.ZodType<Input>, run: (input: Input, context: JobContext) => Promise<unknown>): Job {
  return { input, run: (value, context) => run(input.parse(value), context) }
}

/**
 * Runs the named job; an unknown name or an input of the wrong shape is refused before anything happens. Null where the job was stopped:
 * it looks for that whenever it tells its progress.
 */
export async function runJob(jobs: Record<string, Job>, name: string, input: unknown, context: JobContext): Promise<unknown> {
  const found = Object.hasOwn(jobs, name) ? jobs[name] : undefined
  if (found === undefined) throw new AppError('protocol.invalid', `There is no job "${name}"; known are ${Object.keys(jobs).join(', ')}.`)
  const checked = found.input.safeParse(input)
  if (!checked.success) {
    const issue = checked.error.issues[0]
    throw new AppError(
      'protocol.invalid',
      `The input of job "${name}" is wrong at ${issue.path.join('.') || 'its root'}: ${issue.message}.`
    )
  }
  try {
    return await found.run(checked.data, heeding(context))
  } catch (error) {
    if (error instanceof StopRequest) return null
    throw error
  }
}

/** Thrown where a job tells its progress, once it should stop: what it holds is let go on the way out, and nothing half-done is named. */
class StopRequest extends Error {}

function heeding(context: JobContext): JobContext {
  return {
    ...context,
    progress(task, done, total) {
      context.progress(task, done, total)
      if (context.stopRequested()) throw new StopRequest(task)
    }
  }
}
