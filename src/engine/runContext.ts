/**
 * What the pipeline is given to work with: the run's folder and settings, a way to announce, and a way to be steered.
 * The worker entry (worker.ts) makes one from the host's `run` command; tests make one by hand.
 */
import type { Pulse, RunEvent } from '../shared/events.js'
import type { Settings } from '../shared/config/settings.js'
import type { JournalMark } from '../storage/journal.js'
import type { RunManifest } from '../storage/runFolder.js'

export interface RunContext {
  /** Absolute path of the run folder; it exists and holds the manifest. */
  folder: string
  manifest: RunManifest
  settings: Settings
  /** The person agreed to go on although the fingerprint differs from the manifest's. */
  acceptInexact: boolean
  /** Writes the event into the journal, then tells the host. */
  emit(event: RunEvent): void
  /** What the clock says; goes to the side file and to the host, never into the journal. */
  pulse(pulse: Pulse): void
  /** Progress of a task that has no steps: scanning, measuring, exporting. */
  progress(task: string, done: number, total: number): void
  /** Tells the host that a checkpoint of this step is safe on disk. */
  checkpointed(step: number): void
  journal: RunJournal
  control: RunControl
}

export interface RunJournal {
  /** Makes every written line durable and says where the journal ends; a checkpoint holds that place. */
  mark(): JournalMark
  /** Drops all lines after the mark; used once, when a run is resumed from a checkpoint. */
  cutTo(mark: JournalMark): void
}

/**
 * The pipeline calls atStep after every step. It resolves at once as a rule; it waits while the run is paused; it resolves to 'stop'
 * when a stop was asked for, and the pipeline then returns.
 *
 * `save` writes a checkpoint. It is called when one is due (run.checkpointSteps, run.checkpointSeconds, whichever is first), before a
 * pause begins, and before 'stop' is returned. Without `save` nothing is written: the caller saves by itself.
 */
export interface RunControl {
  atStep(save?: () => void | Promise<void>): Promise<'go-on' | 'stop'>
  /** Whether a stop was asked for; for long tasks without steps, which should look now and then and return. */
  stopRequested(): boolean
}
