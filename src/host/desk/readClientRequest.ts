/** A page's message, checked: nothing of it is used before it has the shape that the contract says. */
import { z } from 'zod'
import { requestInputs, requestNames, type ClientRequest } from '../../shared/clientProtocol.js'
import { parseSettings } from '../../shared/config/parseSettings.js'
import { AppError } from '../../shared/errors.js'
import { parseJson } from '../../storage/jsonFile.js'

const envelope = z.object({ request: z.number().int().min(1), name: z.enum(requestNames), input: z.unknown() })

const mostDepth = 32

/** Text from a socket as plain data: capped in depth, no keys that reach into prototypes. @throws AppError file.format */
export function readClientText(bytes: Uint8Array): unknown {
  return parseJson(bytes, 'The message', { mostDepth })
}

/** Undefined where the message has not even a number to answer to. @throws AppError protocol.invalid with that number in `request` */
export function readClientRequest(raw: unknown): ClientRequest | undefined {
  const parsed = envelope.safeParse(raw)
  return parsed.success ? { ...parsed.data, input: parsed.data.input } : undefined
}

/** The input as the request's handler gets it. @throws AppError settings.* for a setting, protocol.invalid for anything else */
export function readInput({ name, input }: ClientRequest): unknown {
  const parsed = requestInputs[name].safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  // A person may have typed it: then the message names the setting and its range.
  if (issue.path[0] === 'data' && typeof input === 'object' && input !== null) parseSettings({ data: Reflect.get(input, 'data') as unknown }, 'The settings')
  throw new AppError('protocol.invalid', `The input of request "${name}" is wrong at ${issue.path.join('.') || 'its root'}: ${issue.message}.`)
}
