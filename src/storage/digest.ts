/**
 * The hash of a run's result: equal for a run that was interrupted and resumed and one that never was. It covers the newest checkpoint
 * (position, state, every tensor's name, type, shape and bytes) and every event in order. It leaves out what the clock decides: the side
 * file, dates, names, and measured times within events. Measured latencies are inputs of a run (its latency table), not its result.
 */
import { createHash, type Hash } from 'node:crypto'
import path from 'node:path'
import { AppError } from '../shared/errors.js'
import type { JournalEntry } from '../shared/events.js'
import { canonicalJson } from './canonicalJson.js'
import { CheckpointStore } from './checkpointStore.js'
import { visitJournal } from './readJournal.js'
import { sha256 } from './sha256.js'
import { tensorBytes, type StoredTensor } from './storedTensor.js'

export interface RunDigest {
  /** Over all parts: what a comparison needs. */
  sha256: string
  parts: { tensors: string; state: string; journal: string }
  position: number
  events: number
}

/** Throws checkpoint.none without a whole newest checkpoint, journal.damaged for a journal with a bad line: both would hash less. */
export function digestRun(runFolder: string): RunDigest {
  const checkpoint = CheckpointStore.openForReading(runFolder).loadLatest()
  if (checkpoint === undefined) throw new AppError('checkpoint.none', `${runFolder} has no checkpoint yet.`)
  const { damaged } = checkpoint.report
  if (damaged.length > 0) throw new AppError('checkpoint.damaged', `${runFolder}: the newest checkpoint is damaged: ${damaged[0].reason}`)
  const journal = digestJournal(path.join(runFolder, 'journal.ndjson'))
  const { position, info } = checkpoint
  const parts = { tensors: digestTensors(checkpoint.tensors), state: sha256(canonicalJson({ position, info })), journal: journal.sha256 }
  return { sha256: sha256(canonicalJson(parts)), parts, position, events: journal.events }
}

/** Hash of names, types, shapes and bytes, in the order of names. */
export function digestTensors(tensors: ReadonlyMap<string, StoredTensor>): string {
  const hash = createHash('sha256')
  for (const name of [...tensors.keys()].sort()) {
    const tensor = tensors.get(name)
    if (tensor === undefined) continue
    addLine(hash, canonicalJson([name, tensor.dtype, tensor.shape]))
    hash.update(tensorBytes(tensor))
  }
  return hash.digest('hex')
}

function digestJournal(journalPath: string): { sha256: string; events: number } {
  const hash = createHash('sha256')
  let events = 0
  const damage = visitJournal(journalPath, 1, (entry) => {
    addLine(hash, canonicalJson(comparableEntry(entry, path.dirname(journalPath))))
    events++
  })
  if (damage !== undefined) throw new AppError('journal.damaged', `${journalPath}: line ${damage.line}: ${damage.reason}.`)
  return { sha256: hash.digest('hex'), events }
}

/**
 * The event without what the clock, the memory or the run's place on disk decide: measured latencies, summary entries that name
 * measurements, times or memory; paths are taken relative to the run folder.
 */
export function comparableEntry(entry: JournalEntry, runFolder: string): JournalEntry {
  if (entry.type === 'latency-measured') return { ...entry, measuredMs: 0, deviationMs: 0, count: 0 }
  if (entry.type === 'exported') return { ...entry, path: path.relative(runFolder, path.resolve(runFolder, entry.path)) }
  if (entry.type !== 'run-finished') return entry
  const summary = Object.fromEntries(
    Object.entries(entry.summary).filter(([key]) => !/measured|seconds|minutes|memory|resident/i.test(key))
  )
  return { ...entry, summary }
}

function addLine(hash: Hash, text: string): void {
  hash.update(`${text}\n`)
}
