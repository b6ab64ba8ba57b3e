/** What a run is: written when it is created; all that its result depends on, and a few words for people. */
import { z } from 'zod'
import { settingsSchema } from '../shared/config/settings.js'
import { AppError } from '../shared/errors.js'
import type { Fingerprint } from '../shared/protocol.js'
import { firstIssue, requireVersion } from './checkpointManifest.js'
import { readJsonFile } from './jsonFile.js'

export const runManifestVersion = 1

const hash = z.string().regex(/^[0-9a-f]{64}$/)

const fingerprintSchema = z.strictObject({
  cellscope: z.string(),
  tensorflow: z.string(),
  threads: z.number().int().min(0),
  oneDnn: z.boolean(),
  cpu: z.string(),
  device: z.enum(['cpu', 'gpu'])
}) satisfies z.ZodType<Fingerprint>

/** A file in the run's inputs/, which never changes. */
const inputSchema = z.strictObject({ file: z.string().regex(/^inputs\/[\w.-]+$/), sha256: hash })

export const runManifestSchema = z.strictObject({
  version: z.literal(runManifestVersion),
  id: z.uuid(),
  name: z.string().min(1),
  /** The command that it was started with: run, search, train, ... Says what a resume goes on with. */
  job: z.string().min(1),
  /** All settings, the seed among them. */
  settings: settingsSchema,
  /** Null until the dataset was scanned. */
  datasetDigest: z.string().min(1).nullable(),
  /** Null until the engine has started for the first time. */
  fingerprint: fingerprintSchema.nullable(),
  /** Null until it was measured or chosen. */
  latencyTable: inputSchema.nullable(),
  /** The search's target latency, where it is a share of a network's (`search.targetLatencyShare`); null before the table is there, and where it is a setting. */
  targetLatencyMs: z.number().positive().nullable().default(null),
  /** Everything else that was measured or drawn once and must not change, by name: the split, the hand-made network's pace. */
  inputs: z.record(z.string(), inputSchema).default({}),
  /** Where a person agreed to go on with another fingerprint: from this step on, the result is not exact. */
  inexactFrom: z.array(z.strictObject({ position: z.number().int().min(0), fingerprint: fingerprintSchema })),
  /** ISO 8601; for people only. */
  createdAt: z.string()
})

export type RunManifest = z.infer<typeof runManifestSchema>
export type RunInput = z.infer<typeof inputSchema>

/** Reads and checks a run's manifest. Throws run.not-found, file.version, file.format with the first thing that is wrong. */
export function readRunManifest(path: string): RunManifest {
  const value = readRunFile(path)
  requireVersion(value, runManifestVersion, path)
  const checked = runManifestSchema.safeParse(value)
  if (checked.success) return checked.data
  throw new AppError('file.format', `${path}: expected a run's manifest, found: ${firstIssue(checked.error)}.`)
}

function readRunFile(path: string): unknown {
  try {
    return readJsonFile(path)
  } catch (error) {
    if (error instanceof AppError && error.code === 'file.not-found') {
      throw new AppError('run.not-found', `${path} does not exist, so this folder is no run.`, { cause: error })
    }
    throw error
  }
}
