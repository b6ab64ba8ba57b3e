/** What is kept when a worker dies, hangs or fails, so that a person can tell us: a file in the run's incidents folder. */
import { freemem, totalmem } from 'node:os'
import { join } from 'node:path'
import { readdirSync } from 'node:fs'
import type { ErrorReport } from '../shared/errors.js'
import { makeFolders, writeFileAtomic } from '../storage/atomicFile.js'
import type { EngineExit } from './engineProcess.js'
import type { RunState } from './runState.js'

export interface Incident {
  /** death: the worker ended by itself. stall: it went silent. failure: it named an error. message: it sent something unreadable. */
  what: 'death' | 'stall' | 'failure' | 'message'
  state: RunState
  exit: EngineExit | null
  error: ErrorReport | null
  silentSeconds: number
  restarts: number
  /** Step of the last checkpoint that this supervision saw; null when there was none. */
  checkpointStep: number | null
  /** The end of the worker's error output. */
  output: string
  /** The last events, at most 200. */
  entries: unknown[]
}

const mostIncidents = 50

/** Writes the incident beside the others, numbered; returns its path, or undefined when there are already too many or none can be written. */
export function writeIncident(runFolder: string, incident: Incident, now: Date = new Date()): string | undefined {
  const folder = join(runFolder, 'incidents')
  try {
    makeFolders(folder)
    const count = readdirSync(folder).filter((name) => name.endsWith('.json')).length
    if (count >= mostIncidents) return undefined
    const path = join(folder, `${String(count + 1).padStart(4, '0')}-${incident.what}.json`)
    const memory = { freeBytes: freemem(), totalBytes: totalmem() }
    writeFileAtomic(path, `${JSON.stringify({ version: 1, at: now.toISOString(), memory, ...incident }, null, 2)}\n`)
    return path
  } catch {
    // An incident often is a full or broken disk; failing to describe it must not hide it.
    return undefined
  }
}
