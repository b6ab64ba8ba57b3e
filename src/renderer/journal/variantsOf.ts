import type { JournalEntry } from '../../shared/events.js'
import { ofType } from './ofType.js'

/** The searches of a run whose architecture was recorded, such as `decoupled` and `joint`, in the order in which they began. */
export function variantsOf(events: readonly JournalEntry[]): string[] {
  return [...new Set(ofType(events, 'architecture').map(({ variant }) => variant))]
}
