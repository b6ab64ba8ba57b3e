/** How far a run has come, read quickly: from its manifest and the end of its journal. */
import path from 'node:path'
import type { JournalEntry, Stage } from '../shared/events.js'
import { readCheckpointManifest } from './checkpointManifest.js'
import { CheckpointStore } from './checkpointStore.js'
import { disk } from './disk.js'
import { decodeLine, lineDamage, sequenceOf } from './journalLine.js'
import { readRange } from './readBytes.js'
import type { RunFolder, RunManifest } from './runFolder.js'
import { kindOf, named } from './storageError.js'

export interface RunState {
  manifest: RunManifest
  /** new: nothing happened yet. unfinished: it runs, is paused or was interrupted. finished: it ran to its end, and a checkpoint holds that. */
  progress: 'new' | 'unfinished' | 'finished'
  lastSequence: number
  /** The stage of the last event that names one, among the journal's last entries. */
  stage?: Stage
  /** The last step of that stage. */
  step?: number
}

const tailBytes = 64 * 1024

/** Reads at most the last 64 KiB of the journal (more only where one line is longer). */
export function readRunState(run: RunFolder): RunState {
  const entries = lastEntries(run.journalPath)
  const last = entries[entries.length - 1]
  const state: RunState = { manifest: run.manifest, progress: 'new', lastSequence: last?.sequence ?? 0 }
  if (last === undefined) return state
  state.progress = last.type === 'run-finished' && checkpointHolds(run, last.sequence) ? 'finished' : 'unfinished'
  for (const entry of entries) {
    if ('stage' in entry) state.stage = entry.stage
    if (entry.type === 'step') state.step = entry.step
    if (entry.type === 'stage-started') delete state.step
  }
  return state
}

/** The journal comes first: a run killed between its last event and its last checkpoint does that last bit again. */
function checkpointHolds(run: RunFolder, sequence: number): boolean {
  const newest = CheckpointStore.openForReading(run.path).list().pop()
  if (newest === undefined) return false
  try {
    return readCheckpointManifest(path.join(run.path, 'checkpoints', newest, 'manifest.json')).journal.sequence >= sequence
  } catch {
    // A damaged one holds nothing; a resume says so and goes on from an older one.
    return false
  }
}

/** The last whole entries, oldest first; a torn line at the end is left out. */
function lastEntries(journalPath: string): JournalEntry[] {
  if (kindOf(journalPath) === 'none') return []
  return named('reading', journalPath, () => {
    const file = disk.open(journalPath, 'r')
    try {
      const size = disk.sizeBytes(file)
      for (let wanted = tailBytes; ; wanted *= 8) {
        const start = Math.max(0, size - wanted)
        const entries = wholeLines(readRange(file, start, size - start))
        if (entries.length > 0 || start === 0) return entries
      }
    } finally {
      disk.close(file)
    }
  })
}

function wholeLines(tail: Uint8Array): JournalEntry[] {
  const entries: JournalEntry[] = []
  for (let at = 0, feed = tail.indexOf(10); feed >= 0; at = feed + 1, feed = tail.indexOf(10, at)) {
    const line = tail.subarray(at, feed)
    if (lineDamage(line, sequenceOf(line)) === undefined) entries.push(decodeLine(line))
  }
  return entries
}
