/** A page's message, checked: nothing of it is used before it has the shape that the contract says. */
import { z } from 'zod'
import { requestInputs, requestNames, type RequestName } from '../../shared/clientProtocol.js'
import { parseSettings } from '../../shared/config/parseSettings.js'
import { AppError } from '../../shared/errors.js'
import { parseJson } from '../../storage/jsonFile.js'

const envelope = z.object({ request: z.number().int().min(1), name: z.string().max(100), input: z.unknown().optional() })

const mostDepth = 32

/** Text from a socket as plain data: capped in depth, no keys that reach into prototypes. @throws AppError file.format */
export function readClientText(bytes: Uint8Array): unknown {
  return parseJson(bytes, 'The message', { mostDepth })
}

/** A request of which only the number is sure. */
export interface NumberedRequest {
  request: number
  name: string
  input?: unknown
}

/** Undefined where the message has not even a number to answer to. */
export function readNumberedRequest(raw: unknown): NumberedRequest | undefined {
  const parsed = envelope.safeParse(raw)
  return parsed.success ? { ...parsed.data } : undefined
}

/** The request's name, and its input as the handler gets it. @throws AppError settings.* for a setting, protocol.invalid for anything else */
export function readRequest({ name: given, input }: NumberedRequest): { name: RequestName; input: unknown } {
  const name = requestNames.find((known) => known === given)
  if (name === undefined) throw new AppError('protocol.invalid', `There is no request "${given}".`)
  const parsed = requestInputs[name].safeParse(input)
  if (parsed.success) return { name, input: parsed.data }
  const [issue] = parsed.error.issues
  // A person may have typed it: then the message names the setting and its range.
  if (issue.path[0] === 'data' && typeof input === 'object' && input !== null) parseSettings({ data: Reflect.get(input, 'data') as unknown }, 'The settings')
  throw new AppError('protocol.invalid', `The input of request "${name}" is wrong at ${issue.path.join('.') || 'its root'}: ${issue.message}.`)
}
