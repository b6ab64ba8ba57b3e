/** A run as its files tell it: the truth that pages are compared with. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JournalEntry } from '../../src/shared/events.js'

/** The run's events so far; a line that is only half written is left out. */
export function eventsOf(workspace: string, run: string): JournalEntry[] {
  const file = join(workspace, 'runs', run, 'journal.ndjson')
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    // A checksum of eight digits stands before each.
    .map((line) => JSON.parse(line.slice(9)) as JournalEntry)
}

export function stepsOf(workspace: string, run: string): number {
  return eventsOf(workspace, run).filter(({ type }) => type === 'step').length
}
