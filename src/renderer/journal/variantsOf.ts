import type { JournalEntry } from '../../shared/events.js'

/** The searches of a run, such as `decoupled` and `joint`, in the order in which they began. */
export function variantsOf(events: readonly JournalEntry[]): string[] {
  const found = events.flatMap((event) => ('variant' in event && event.variant !== undefined ? [event.variant] : []))
  return [...new Set(found)]
}
