/**
 * What the pipeline is given to work with: the run's folder and settings, a way to announce, and a way to be steered.
 * The worker entry (worker.ts) makes one from the host's `run` command; tests make one by hand.
 */
import type { Settings } from '../shared/config/settings.js'
import type { Pulse, RunEvent } from '../shared/events.js'
import type { RunJob } from '../shared/runPlan.js'
import type { Checkpoint, CheckpointStore } from '../storage/checkpointStore.js'
import type { Journal } from '../storage/journal.js'
import type { RunFolder, RunManifest } from '../storage/runFolder.js'

export interface RunContext {
  /** Absolute path of the run folder. */
  folder: string
  run: RunFolder
  /** As it was when the work began; `run.updateManifest` adds what becomes known later. */
  manifest: RunManifest
  job: RunJob
  settings: Settings
  /** Writes the event into the journal, then tells the host. */
  emit(event: RunEvent): void
  /** What the clock says; goes to the side file and to the host (at most once a second), never into the journal. */
  pulse(pulse: Pulse): void
  /** Progress of a task that has no steps: scanning, measuring, exporting. */
  progress(task: string, done: number, total: number): void
  /** Something a person should know that is no fact of the run, such as a damaged file; to the host only, never into the journal. */
  notice(text: string): void
  /** Tells the host that a checkpoint of this position is safe on disk. */
  checkpointed(position: number): void
  checkpoints: CheckpointStore
  /** Where to go on; undefined: from the beginning. The journal stands exactly there already. */
  checkpoint: Checkpoint | undefined
  /** Only for `mark()`, which a checkpoint holds; to write, use emit. */
  journal: Journal
  control: RunControl
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
