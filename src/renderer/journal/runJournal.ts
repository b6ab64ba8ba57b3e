/**
 * A run's journal as the pages read it. It grows by batches, and no entry is read twice: lists of the kinds that are rare, and curves of
 * the steps, of which there may be millions; the steps themselves are not kept. Reactive: who reads a kind is told when there is more of it.
 */
import { shallowRef, triggerRef, type ShallowRef } from 'vue'
import type { JournalEntry, RunEvent, Stage } from '../../shared/events.js'
import { GrowingCurve } from './growingCurve.js'

export type EventType = RunEvent['type']
export type EventOf<Type extends EventType> = Extract<JournalEntry, { type: Type }>

/** The loss of one stage, of one search where there are several. */
export interface LossCurve {
  stage: Stage
  variant: string | undefined
  curve: GrowingCurve
}

interface Kind {
  all: JournalEntry[]
  /** What readers see: a new list whenever there is more. */
  shown: ShallowRef<readonly JournalEntry[]>
}

export class RunJournal {
  private readonly kinds = new Map<EventType, Kind>()
  private readonly losses = shallowRef(new Map<string, LossCurve>())
  private readonly last = shallowRef(0)

  constructor(entries: readonly JournalEntry[] = []) {
    this.append(entries)
  }

  /** Sequence of the last entry, 0 before the first. */
  get lastSequence(): number {
    return this.last.value
  }

  /** The next entries, in order. */
  append(entries: readonly JournalEntry[]): void {
    const touched = new Set<EventType>()
    for (const entry of entries) {
      touched.add(entry.type)
      if (entry.type === 'step') this.addStep(entry)
      else this.kind(entry.type).all.push(entry)
    }
    for (const type of touched) {
      if (type === 'step') triggerRef(this.losses)
      else this.kind(type).shown.value = this.kind(type).all.slice()
    }
    this.last.value = entries[entries.length - 1]?.sequence ?? this.last.value
  }

  /** The entries of one kind, in order. Steps are curves: see `lossCurves`. */
  of<Type extends Exclude<EventType, 'step'>>(type: Type): readonly EventOf<Type>[] {
    return this.kind(type).shown.value as readonly EventOf<Type>[]
  }

  /** In the order in which the stages began to step. */
  lossCurves(): LossCurve[] {
    return [...this.losses.value.values()]
  }

  private kind(type: EventType): Kind {
    const known = this.kinds.get(type)
    if (known) return known
    const kind = { all: [], shown: shallowRef([]) }
    this.kinds.set(type, kind)
    return kind
  }

  private addStep({ stage, variant, step, loss }: EventOf<'step'>): void {
    const key = `${stage} ${variant ?? ''}`
    const known = this.losses.value.get(key) ?? { stage, variant, curve: new GrowingCurve() }
    known.curve.add(step, loss)
    this.losses.value.set(key, known)
  }
}
