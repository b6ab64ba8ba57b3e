/** The single jobs that can be asked for outside a run, by name: each checks its input and returns a plain-data result. */
import type { z } from 'zod'
import { AppError } from '../shared/errors.js'

/** What a job may use besides its input. */
export interface JobContext {
  progress(task: string, done: number, total: number): void
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

/** Runs the named job; an unknown name or an input of the wrong shape is refused before anything happens. */
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
  return found.run(checked.data, context)
}
