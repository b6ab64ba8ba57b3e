/** The forecast of a run beside what it was: outputs/forecast.json. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RunJob } from '../shared/runPlan.js'
import { readJsonFile, writeJsonFile } from '../storage/jsonFile.js'
import type { RunFolder } from '../storage/runFolder.js'
import { times } from './effort.js'
import type { Forecast } from './forecast.js'
import { readArchitecture } from './inspectArchitecture.js'
import { learnPace, type TimedEffort } from './learnPace.js'
import { assumedPace, readPace, writePace } from './pace.js'
import { readPulses, StageTimes } from './stageTimes.js'
import { stageName } from './stageWork.js'
import type { KnownNetworks } from './trainWork.js'
import { workload } from './workload.js'

export interface ForecastRecord extends Forecast {
  version: 1
  /** Seconds that hosts have worked on the run so far, over all its resumptions. */
  workedSeconds: number
  /** Null until the run has finished. */
  actual: { minutes: number; peakBytes: number } | null
  /** Forecast divided by what it was; 1 is right. */
  minutesRatio: number | null
  memoryRatio: number | null
}

/** Writes what was forecast at the start of a run. */
export function recordForecast(run: RunFolder, made: Forecast): void {
  const record: ForecastRecord = { version: 1, ...made, workedSeconds: 0, actual: null, minutesRatio: null, memoryRatio: null }
  writeJsonFile(recordPath(run), record)
}

/** Undefined where the run has no record, or none that can be read: only a forecast hangs on it. */
export function readForecast(run: RunFolder): ForecastRecord | undefined {
  if (!existsSync(recordPath(run))) return undefined
  try {
    const record = readJsonFile(recordPath(run)) as ForecastRecord
    return Array.isArray(record.stages) ? record : undefined
  } catch {
    return undefined
  }
}

/**
 * After each spell of work: adds its seconds to the record. When the run has finished, how wrong the forecast was goes into the record, and
 * the pace of its stages into the workspace for the next forecast. Undefined where the run has no record or has not finished.
 */
export function settleForecast(run: RunFolder, workspace: string, seconds: number, finished: boolean): ForecastRecord | undefined {
  const before = readForecast(run)
  if (before === undefined) return undefined
  const worked = { ...before, workedSeconds: before.workedSeconds + seconds }
  const record = finished ? settled(worked, peakBytes(run)) : worked
  writeJsonFile(recordPath(run), record)
  if (!finished) return undefined
  const timed = timedStages(run)
  if (timed.length > 0) writePace(workspace, learnPace(timed, readPace(workspace) ?? assumedPace))
  return record
}

function settled(record: ForecastRecord, peakBytes: number): ForecastRecord {
  const minutes = record.workedSeconds / 60
  return {
    ...record,
    actual: { minutes, peakBytes },
    minutesRatio: minutes === 0 ? null : record.minutes / minutes,
    memoryRatio: peakBytes === 0 ? null : record.memoryBytes / peakBytes
  }
}

function recordPath(run: RunFolder): string {
  return join(run.outputsPath, 'forecast.json')
}

/** The most memory that any of the run's pulses saw. */
function peakBytes(run: RunFolder): number {
  return readPulses(run.pulsePath).reduce((most, pulse) => Math.max(most, pulse.residentBytes), 0)
}

/** What the run's stages came to, with the architectures that were derived, and what they took. */
export function timedStages(run: RunFolder): TimedEffort[] {
  const clock = new StageTimes(readPulses(run.pulsePath))
  return workload(run.manifest.settings, run.manifest.job as RunJob, derivedNetworks(run)).flatMap((stage) => {
    const { steps, seconds } = clock.of(stageName(stage))
    // The hand-made network has the student's minutes by its number of steps; it says nothing of a pace.
    if (steps === 0 || stage.steps === 0 || stage.stage === 'train-handmade') return []
    return [{ effort: times(steps / stage.steps, stage), seconds }]
  })
}

function derivedNetworks(run: RunFolder): KnownNetworks {
  const known: KnownNetworks = {}
  for (const role of ['teacher', 'student'] as const) {
    const path = join(run.outputsPath, 'networks', role, 'architecture.json')
    if (!existsSync(path)) continue
    try {
      known[role] = readArchitecture(path)
    } catch {
      // Only a forecast hangs on it; the workload then stands something in.
    }
  }
  return known
}
