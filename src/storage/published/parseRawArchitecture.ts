import { z } from 'zod'
import type { RawArchitecture } from '../../shared/rawArchitecture.js'
import { AppError } from '../../shared/errors.js'

const twelfths = z.number().int().min(1).max(12)
const array = z.array(z.array(z.number()).min(1).max(12)).max(1000)

const schema = z.strictObject({
  layers: z.number().int().min(3).max(1000),
  baseWidth: z.number().int().min(1).max(64),
  widths: z.array(twelfths).min(1).max(12),
  alpha: z.array(array).length(3),
  beta: z.array(array).length(2),
  ratio: z.array(array).length(3),
  forbidSkip: z.boolean(),
  stemWidth: twelfths,
  classes: z.number().int().min(1).max(1000).default(19)
})

/**
 * The raw arrays of a JSON file; `classes` may be left out (19). Whether the arrays have the shapes that `layers` asks for is not checked
 * here. Throws file.format with the place and what was found there.
 */
export function parseRawArchitecture(value: unknown, source: string): RawArchitecture {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue.path.map(String).join('.') || 'the top'
  throw new AppError('file.format', `${source}: no raw arrays of an architecture, at ${place}: ${issue.message}.`, {
    hint: 'Expected { layers, baseWidth, widths, alpha[3], beta[2], ratio[3], forbidSkip, stemWidth }, widths in twelfths from 1 to 12.'
  })
}
