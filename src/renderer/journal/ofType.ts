import type { JournalEntry, RunEvent } from '../../shared/events.js'

export type EventOf<Type extends RunEvent['type']> = Extract<JournalEntry, { type: Type }>

/** The entries of one type, in order. */
export function ofType<Type extends RunEvent['type']>(events: readonly JournalEntry[], type: Type): EventOf<Type>[] {
  return events.filter((event): event is EventOf<Type> => event.type === type)
}
