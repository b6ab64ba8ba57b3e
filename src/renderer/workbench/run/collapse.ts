/** Whether a search collapses to the cheapest choices (FasterSeg, section 3.3), by its last recorded moment. */
import type { EventOf, RunJournal } from '../../journal/runJournal.js'
import { momentsOf, variantsOf } from '../../journal/variantsOf.js'

/** An untouched search has skip at one cell in five and the narrowest width at one map in the number of widths, so half is far from chance. */
export const alarmingSkip = 0.5
/** With two widths half is chance. */
export const alarmingNarrow = 0.75
/** Nearer to even odds than this, the likeliest choice is little more than chance: one of five operators is then ahead by half a logit. */
export const undecided = 0.97

export type Alarm = 'none' | 'weak' | 'strong'

export interface CollapseMeter {
  variant: string
  moment: EventOf<'architecture'>
  /** `weak`: the likeliest choices are those, but the search is still undecided. */
  skip: Alarm
  narrow: Alarm
}

export function collapseMeters(journal: RunJournal): CollapseMeter[] {
  return variantsOf(journal).flatMap((variant) => {
    const moment = momentsOf(journal, variant).at(-1)
    if (!moment) return []
    const { skipFraction, narrowFraction, entropy } = moment
    return [{ variant, moment, skip: alarm(skipFraction, alarmingSkip, entropy.alpha), narrow: alarm(narrowFraction, alarmingNarrow, entropy.gamma) }]
  })
}

function alarm(share: number, alarming: number, entropy: number): Alarm {
  if (share < alarming) return 'none'
  return entropy > undecided ? 'weak' : 'strong'
}
