import type { EventOf, RunJournal } from './runJournal.js'

/** The searches of a run whose architecture was recorded, such as `decoupled` and `joint`, in the order in which they began. */
export function variantsOf(journal: RunJournal): string[] {
  return [...new Set(journal.of('architecture').map(({ variant }) => variant))]
}

/** What was recorded of one search; there are a few hundred moments, however long it is. */
export function momentsOf(journal: RunJournal, variant: string): EventOf<'architecture'>[] {
  return journal.of('architecture').filter((event) => event.variant === variant)
}
