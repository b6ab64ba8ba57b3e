/** A run in the foreground of a host: supervised, incidents kept, and the time left of the whole run filled into its pulses. */
import type { WorkerMessage } from '../shared/protocol.js'
import type { RunFolder } from '../storage/runFolder.js'
import type { SpawnEngine } from './engineProcess.js'
import { writeIncident, type Incident } from './incident.js'
import type { RunState } from './runState.js'
import { superviseRun, type SupervisedRun } from './supervisor.js'
import { timeLeft } from './timeLeft.js'
import { workerEnvironment } from './workerEnvironment.js'

export interface StartRunOptions {
  run: RunFolder
  acceptInexact: boolean
  spawn: SpawnEngine
  onMessage?(message: WorkerMessage): void
  onState?(state: RunState): void
  onStall?(silentSeconds: number): void
  /** After it was written into the run's folder. */
  onIncident?(incident: Incident): void
}

/** The caller holds the workspace's lock until the outcome is there. */
export function startRun({ run, acceptInexact, spawn, onMessage, onIncident, ...listeners }: StartRunOptions): SupervisedRun {
  const { fingerprint, settings } = run.manifest
  const numerics = { threads: fingerprint?.threads ?? settings.run.threads, oneDnn: fingerprint?.oneDnn ?? settings.run.oneDnn }
  const filled = timeLeft(run)
  return superviseRun({
    runFolder: run.path,
    acceptInexact,
    environment: workerEnvironment(numerics),
    spawn,
    onIncident: (incident) => {
      writeIncident(run.path, incident)
      onIncident?.(incident)
    },
    onMessage: (message) => onMessage?.(filled(message)),
    ...listeners
  })
}
