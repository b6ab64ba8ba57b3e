/** Messages of a worker, checked before the host believes them: a worker runs native code and may say anything. */
import { z } from 'zod'
import { errorCatalogue, type ErrorCode } from '../shared/errors.js'
import { stages } from '../shared/events.js'
import type { WorkerMessage } from '../shared/protocol.js'

const count = z.number().int().min(0)
const text = z.string().max(1_000_000)
const codes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]

const fingerprint = z.object({
  cellscope: text,
  tensorflow: text,
  threads: count,
  oneDnn: z.boolean(),
  cpu: text,
  device: z.enum(['cpu', 'gpu'])
})

const pulse = z.object({
  stage: z.enum(stages),
  variant: text.optional(),
  step: count,
  steps: count,
  elapsedSeconds: z.number(),
  stepSeconds: z.number(),
  waitedSeconds: z.number(),
  remainingSeconds: z.number().nullable(),
  residentBytes: z.number()
})

const messages = z.discriminatedUnion('message', [
  z.object({ message: z.literal('ready'), fingerprint }),
  // The events themselves are read back from the journal, which has checksums; here only what the host uses is checked.
  z.object({ message: z.literal('event'), entry: z.looseObject({ type: text, sequence: count }) }),
  z.object({ message: z.literal('pulse'), pulse }),
  z.object({ message: z.literal('progress'), task: text, done: z.number(), total: z.number(), remainingSeconds: z.number().nullable() }),
  z.object({ message: z.literal('state'), state: z.enum(['running', 'paused', 'stopping']) }),
  z.object({ message: z.literal('checkpointed'), step: count }),
  z.object({ message: z.literal('notice'), text }),
  z.object({ message: z.literal('result'), value: z.unknown() }),
  z.object({
    message: z.literal('failed'),
    error: z.object({ code: z.enum(codes), kind: z.enum(['user', 'fault', 'bug']), message: text, hint: text })
  }),
  z.object({ message: z.literal('finished') }),
  z.object({ message: z.literal('heartbeat') })
])

/** The message, or undefined when it has not the shape of one. */
export function readWorkerMessage(raw: unknown): WorkerMessage | undefined {
  const parsed = messages.safeParse(raw)
  return parsed.success ? (parsed.data as WorkerMessage) : undefined
}
