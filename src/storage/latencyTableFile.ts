/** The file of a latency table. It is an input of runs, so it is written once and never changed. */
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { latencyKeyText, partGroups } from '../shared/latencyTable.js'
import type { LatencyKey, LatencyTable } from '../shared/latencyTable.js'
import { AppError } from '../shared/errors.js'
import { makeFolders } from './atomicFile.js'
import { readJsonFile, writeJsonFile } from './jsonFile.js'

const milliseconds = z.number().nonnegative()
const count = z.number().int().nonnegative()
const pixels = z.number().int().positive()

const entrySchema = z.strictObject({ medianMs: milliseconds, deviationMs: milliseconds, count: count.positive() })

const correctionSchema = z.strictObject({
  version: z.literal(1),
  factors: z.record(z.enum(partGroups), z.number().nonnegative()),
  perLayerMs: milliseconds,
  perMegaweightMs: milliseconds,
  perMegavalueMs: milliseconds,
  fitted: z.strictObject({
    networks: count.positive(),
    seed: count,
    rounds: count.positive(),
    ridge: z.number().nonnegative(),
    medianErrorBefore: z.number().nonnegative(),
    medianErrorAfter: z.number().nonnegative(),
    medianErrorLeftOut: z.number().nonnegative(),
    worstErrorAfter: z.number().nonnegative()
  })
})

const tableSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  height: pixels,
  width: pixels,
  machine: z.strictObject({ cpu: z.string(), cores: count, memoryBytes: count, platform: z.string() }),
  runtime: z.strictObject({ name: z.string(), version: z.string(), threads: count }),
  warmup: count,
  repeats: count,
  callMs: milliseconds.exactOptional(),
  clock: z.enum(['processor', 'wall']).exactOptional(),
  metronomeMs: entrySchema.exactOptional(),
  measuredAt: z.string(),
  entries: z.record(z.string(), entrySchema),
  correction: correctionSchema.exactOptional()
})

/** Writes a new table; throws file.exists where there is one already, for a run may stand on it. */
export function writeTable(path: string, table: LatencyTable): void {
  refuseExisting(path)
  makeFolders(dirname(path))
  writeJsonFile(path, table)
}

/** Throws file.exists; to be asked before the measuring too. */
export function refuseExisting(path: string): void {
  if (existsSync(path)) throw new AppError('file.exists', `${path}: there is a file already, and a latency table is never overwritten.`)
}

/**
 * Reads a table. Throws file.not-found or file.format if there is no JSON, latency.invalid-table if a field or a number is missing,
 * negative or not a number, naming its place.
 */
export function readTable(path: string): LatencyTable {
  const parsed = tableSchema.safeParse(readJsonFile(path))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue.path.map(String).join(' / ') || 'the top'
  throw new AppError('latency.invalid-table', `${path}: not a valid latency table at ${place}: ${issue.message}.`)
}

/** Throws latency.missing-entry if the table lacks one of `keys`, naming the first one; `source` is the table's file or name. */
export function requireEntries(table: LatencyTable, keys: LatencyKey[], source: string): void {
  const missing = keys.map(latencyKeyText).filter((text) => !Object.hasOwn(table.entries, text))
  if (missing.length === 0) return
  const others = missing.length === 1 ? '' : ` and ${missing.length - 1} more`
  throw new AppError('latency.missing-entry', `${source}: the table has no entry "${missing[0]}"${others}.`)
}
