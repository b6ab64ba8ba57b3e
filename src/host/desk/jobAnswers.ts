/** What jobs of the engine answered, checked before a page gets it: a worker runs native code and may say anything. */
import { z } from 'zod'
import type { Answers, DatasetScanAnswer } from '../../shared/clientProtocol.js'
import { AppError } from '../../shared/errors.js'
import { comparedOperators, type OperatorComparison } from '../../shared/operatorComparison.js'

const count = z.number().min(0)
const counts = z.array(count)
const pngUri = z.string().startsWith('data:image/png;base64,')
const channel = z.number().int().min(0).max(255)

const split = z.object({ images: count, pixels: counts, imagesWithClass: counts })

const scanAnswer = z.object({
  layout: z.string(),
  classes: z.array(z.string()),
  train: split,
  val: split,
  suggestedWeights: z.array(z.number()),
  sizes: z.array(z.object({ height: count, width: count, images: count })),
  problems: z.array(z.object({ file: z.string(), message: z.string() })),
  notes: z.array(z.string())
})

const samplesAnswer = z.object({
  classes: z.array(z.object({ name: z.string(), colour: z.tuple([channel, channel, channel]) })),
  samples: z.array(
    z.object({ id: z.string(), height: count, width: count, image: pngUri, truth: pngUri, augmentedImage: pngUri, augmentedTruth: pngUri })
  )
})

const exportAnswer = z.object({
  text: z.string(),
  largestDifference: z.number().nullable().default(null),
  argmaxAgreement: z.number().nullable().default(null)
})

const positive = z.number().positive()

const comparisonAnswer = z.object({
  map: z.object({ height: positive, width: positive, channels: positive }),
  machine: z.object({ cpu: z.string(), cores: count, memoryBytes: count, platform: z.string() }),
  runtime: z.object({ name: z.string(), version: z.string(), threads: positive }),
  rounds: positive,
  measuredAt: z.string(),
  operators: z.array(
    z.object({
      operator: z.enum(comparedOperators),
      parameters: count,
      multiplyAdds: count,
      receptiveField: z.object({ height: count, width: count }),
      medianMs: count,
      deviationMs: count,
      count
    })
  )
})

export function readScanAnswer(value: unknown): DatasetScanAnswer {
  return checked(scanAnswer, value, 'scan')
}

export function readSamplesAnswer(value: unknown): Answers['samples'] {
  return checked(samplesAnswer, value, 'samples')
}

export function readComparisonAnswer(value: unknown): OperatorComparison {
  return checked(comparisonAnswer, value, 'operators')
}

export function readExportAnswer(value: unknown): z.output<typeof exportAnswer> {
  return checked(exportAnswer, value, 'export')
}

function checked<Schema extends z.ZodType>(schema: Schema, value: unknown, job: string): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AppError('protocol.invalid', `The engine's answer to "${job}" is wrong at ${issue.path.join('.') || 'its root'}: ${issue.message}.`)
}
