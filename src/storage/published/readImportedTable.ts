/** A latency table of either kind: ours, or the authors' as they saved it (.npy) or as JSON. */
import { z } from 'zod'
import type { LatencyTable } from '../../shared/latencyTable.js'
import { parseJson } from '../jsonFile.js'
import { readTable } from '../latencyTableFile.js'
import { readBytes } from '../readBytes.js'
import { numpyMagic, readObjectArray } from './readObjectArray.js'
import { refused } from './refused.js'

export type ImportedTable = { kind: 'ours'; table: LatencyTable } | { kind: 'published'; milliseconds: Record<string, number> }

const mostBytes = 16 * 1024 * 1024
const published = z.record(z.string().max(200), z.number().nonnegative())

/** Throws file.not-found, file.format, latency.invalid-table. */
export function readImportedTable(path: string): ImportedTable {
  const bytes = readBytes(path, mostBytes)
  if (String.fromCharCode(...bytes.subarray(0, numpyMagic.length)) === numpyMagic) {
    return { kind: 'published', milliseconds: checked(Object.fromEntries(readObjectArray(bytes, path)), path) }
  }
  const value = parseJson(bytes, path)
  const isOurs = typeof value === 'object' && value !== null && 'entries' in value
  return isOurs ? { kind: 'ours', table: readTable(path) } : { kind: 'published', milliseconds: checked(value, path) }
}

function checked(value: unknown, path: string): Record<string, number> {
  const parsed = published.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue.path.map(String).join(' / ').slice(0, 100) || 'the top'
  throw refused(path, `expected milliseconds by the authors' keys, but at ${place}: ${issue.message}`)
}
