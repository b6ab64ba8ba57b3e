/** A new run in a workspace: its folder with manifest, the given architectures as inputs, the forecast in its record. */
import type { Architecture } from '../shared/architecture.js'
import type { Settings } from '../shared/config/settings.js'
import { AppError } from '../shared/errors.js'
import type { RunJob } from '../shared/runPlan.js'
import type { RunFolder } from '../storage/runFolder.js'
import { Workspace } from '../storage/workspace.js'
import type { Forecast } from './forecast.js'
import { recordForecast } from './forecastRecord.js'

export interface NewRunOptions {
  workspace: string
  /** Undefined: the first free of `run`, `run-2`, ... */
  name?: string
  job: RunJob
  settings: Settings
  forecast: Forecast
  /** The network that a `train` run trains, and its teacher. */
  architectures?: { student: Architecture; teacher?: Architecture }
}

/** @throws AppError run.exists, settings.invalid-value, disk.full, file.write */
export function newRun({ workspace: folder, name, job, settings, forecast, architectures }: NewRunOptions): RunFolder {
  if (job === 'train' && architectures === undefined) throw new AppError('internal', 'A training run needs an architecture.')
  const workspace = Workspace.open(folder)
  const run = workspace.createRun({ name: name ?? workspace.freeName(job), job, settings })
  for (const [network, architecture] of Object.entries(architectures ?? {})) {
    run.addInput(`${network}.json`, `${JSON.stringify(architecture, null, 2)}\n`)
  }
  recordForecast(run, forecast)
  return run
}
