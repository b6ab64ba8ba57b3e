/** Makes a long journal small enough for one page, without changing what it says. */
import type { JournalEntry } from '../../shared/events.js'

/** Most entries that are kept of one kind and search. The lattice holds a thousand numbers a moment, a step three. */
export const mostKept: Partial<Record<JournalEntry['type'], number>> = { step: 1500, architecture: 150 }

export interface ThinnedEvents {
  events: JournalEntry[]
  thinned: { kind: string; kept: number; of: number }[]
}

/** Of each kind with too many entries, keeps evenly spaced ones, the first and the last among them. Numbers of logits are rounded to 1e-5. */
export function thinEvents(all: readonly JournalEntry[], most = mostKept): ThinnedEvents {
  const groups = new Map<string, JournalEntry[]>()
  for (const event of all) {
    const kind = kindOf(event)
    const group = groups.get(kind)
    if (group) group.push(event)
    else groups.set(kind, [event])
  }
  const thinned: ThinnedEvents['thinned'] = []
  const dropped = new Set<number>()
  for (const [kind, group] of groups) {
    const limit = most[group[0].type]
    if (limit === undefined || group.length <= limit) continue
    const kept = new Set(Array.from({ length: limit }, (_, index) => Math.round((index * (group.length - 1)) / (limit - 1))))
    group.forEach((event, index) => { if (!kept.has(index)) dropped.add(event.sequence) })
    thinned.push({ kind, kept: kept.size, of: group.length })
  }
  return { events: all.filter(({ sequence }) => !dropped.has(sequence)).map(shortened), thinned }
}

function kindOf(event: JournalEntry): string {
  const stage = 'stage' in event ? [event.stage] : []
  const variant = 'variant' in event && event.variant !== undefined ? [event.variant] : []
  return [event.type, ...stage, ...variant].join(' ')
}

function shortened(event: JournalEntry): JournalEntry {
  if (event.type !== 'architecture') return event
  const round = (rows: number[][][]): number[][][] => rows.map((matrix) => matrix.map((row) => row.map((value) => Math.round(value * 1e5) / 1e5)))
  const logits = ({ alpha, beta, gamma }: typeof event.student): typeof event.student => ({ alpha: round(alpha), beta: round(beta), gamma: round(gamma) })
  return { ...event, teacher: logits(event.teacher), student: logits(event.student) }
}
