import type { Pulse, Stage } from '../../../shared/events.js'
import type { RunJournal } from '../../journal/runJournal.js'

export interface StagePlace {
  stage: Stage
  variant: string | undefined
}

/** The stage that the run is at: what the clock says, else the last stage that began and has not ended. */
export function currentStage(journal: RunJournal, pulse: Pulse | null): StagePlace | undefined {
  if (pulse) return { stage: pulse.stage, variant: pulse.variant }
  const open = journal.of('stage-started').filter((started) => !isDone(journal, started)).at(-1)
  return open && { stage: open.stage, variant: open.variant }
}

export function isDone(journal: RunJournal, { stage, variant }: { stage: string; variant?: string | undefined }): boolean {
  return journal.of('stage-finished').some((finished) => finished.stage === stage && (finished.variant ?? '') === (variant ?? ''))
}
