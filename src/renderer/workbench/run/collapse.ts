/** Whether a search collapses to the cheapest choices (FasterSeg, section 3.3), by its last recorded moment. */
import type { EventOf, RunJournal } from '../../journal/runJournal.js'
import { momentsOf, variantsOf } from '../../journal/variantsOf.js'

/** An untouched search has skip at one cell in five and the narrowest width at one map in the number of widths, so half is far from chance. */
export const alarmingSkip = 0.5
/** With two widths half is chance. */
export const alarmingNarrow = 0.75

export interface CollapseMeter {
  variant: string
  moment: EventOf<'architecture'>
  skip: boolean
  narrow: boolean
}

export function collapseMeters(journal: RunJournal): CollapseMeter[] {
  return variantsOf(journal).flatMap((variant) => {
    const moment = momentsOf(journal, variant).at(-1)
    return moment ? [{ variant, moment, skip: moment.skipFraction >= alarmingSkip, narrow: moment.narrowFraction >= alarmingNarrow }] : []
  })
}
