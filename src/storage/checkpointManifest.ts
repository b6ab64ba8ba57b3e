/** What lies beside a checkpoint's tensors: its place in the run, the journal's length at that moment, and a hash of every file. */
import { z } from 'zod'
import { AppError } from '../shared/errors.js'
import { canonicalJson } from './canonicalJson.js'
import { readJsonFile } from './jsonFile.js'
import { sha256 } from './sha256.js'

export const checkpointVersion = 1

const whole = z.number().int().min(0)
const hash = z.string().regex(/^[0-9a-f]{64}$/)

export const checkpointManifestSchema = z.strictObject({
  version: z.literal(checkpointVersion),
  /** Steps of the whole run that are done; orders the checkpoints. */
  position: whole,
  best: z.boolean(),
  journal: z.strictObject({ sizeBytes: whole, sequence: whole }),
  /** The engine's own small state: stage, step, counters. A function of the run, never of the clock: it is part of the digest. */
  info: z.record(z.string(), z.unknown()),
  files: z.strictObject({ 'state.safetensors': z.strictObject({ sizeBytes: whole, sha256: hash }) }),
  /** SHA-256 of all the rest as canonical JSON: a flipped bit in `info` would otherwise pass. */
  sha256: hash
})

export type CheckpointManifest = z.infer<typeof checkpointManifestSchema>

/** The manifest's text, its own hash included. */
export function encodeCheckpointManifest(content: Omit<CheckpointManifest, 'sha256' | 'version'>): string {
  const rest = { version: checkpointVersion, ...content }
  return `${JSON.stringify({ ...rest, sha256: sha256(canonicalJson(rest)) }, null, 2)}\n`
}

/** Reads and checks one. Throws file.version for another version; file.not-found, file.format, checkpoint.damaged for a damaged one. */
export function readCheckpointManifest(path: string): CheckpointManifest {
  const value = readJsonFile(path)
  requireOwnHash(value, path)
  requireVersion(value, checkpointVersion, path)
  const checked = checkpointManifestSchema.safeParse(value)
  if (checked.success) return checked.data
  throw new AppError('file.format', `${path}: expected a checkpoint's manifest, found: ${firstIssue(checked.error)}.`)
}

/** Comes before the version, which a flipped bit could change too; so every version must keep its hash this way. */
function requireOwnHash(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null || !('sha256' in value)) {
    throw new AppError('file.format', `${path}: expected a checkpoint's manifest with its hash, found none.`)
  }
  const { sha256: expected, ...rest } = value
  if (sha256(canonicalJson(rest)) !== expected) throw new AppError('checkpoint.damaged', `${path}: its content does not match its hash.`)
}

/** Throws file.version when the value carries another version number than `version`. */
export function requireVersion(value: unknown, version: number, path: string): void {
  const found = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined
  if (typeof found === 'number' && found !== version) {
    throw new AppError('file.version', `${path}: expected version ${version}, found ${found}.`)
  }
}

/** The first thing that a schema found wrong, as `place: sentence`. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  return `${issue.path.map(String).join('.') || 'the top'}: ${issue.message}`
}
