/** What a person reads before the start: what the run does, how long it will take and how much memory; and afterwards how wrong it was. */
import { readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../shared/config/settings.js'
import type { Pulse } from '../shared/events.js'
import type { RunJob } from '../shared/runPlan.js'
import { readJsonFile, writeJsonFile } from '../storage/jsonFile.js'
import type { RunFolder } from '../storage/runFolder.js'
import { workload, type StageWork } from './workload.js'

/** How fast this machine was: multiply-adds a second in training steps, and seconds of a step that come on top of them. */
export interface Pace {
  multiplyAddsPerSecond: number
  secondsPerStep: number
}

export interface Forecast {
  stages: { stage: string; steps: number; minutes: number }[]
  minutes: number
  memoryBytes: number
  /** measured: by the pace of an earlier run in this workspace. assumed: by that of a machine with two cores. */
  basis: 'measured' | 'assumed'
}

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

/** Small maps on two cores reach about this (docs/results). */
const assumedPace: Pace = { multiplyAddsPerSecond: 12e9, secondsPerStep: 0.05 }
/** TensorFlow, Node and the libraries, before the first map. */
const programBytes = 700 * 1048576
/** Gradients and TensorFlow's scratch beside the maps that are kept. */
const mapFactor = 2
/** Latencies, evaluations, exports and the report. */
const otherMinutes = 0.5

export function forecast(settings: Settings, job: RunJob, pace?: Pace): Forecast {
  const used = pace ?? assumedPace
  const work = workload(settings, job)
  const stages = work.map((stage) => ({ stage: stageName(stage), steps: stage.steps, minutes: stageSeconds(stage, used) / 60 }))
  const minutes = stages.reduce((sum, stage) => sum + stage.minutes, otherMinutes)
  const memoryBytes = programBytes + mapFactor * Math.max(0, ...work.map((stage) => stage.mapBytes))
  return { stages, minutes, memoryBytes, basis: pace === undefined ? 'assumed' : 'measured' }
}

function stageSeconds(stage: StageWork, pace: Pace): number {
  return stage.multiplyAdds / pace.multiplyAddsPerSecond + stage.steps * pace.secondsPerStep
}

function stageName(stage: StageWork): string {
  return stage.variant === undefined ? stage.stage : `${stage.stage} (${stage.variant})`
}

/** The pace that an earlier run of this workspace had, or undefined. */
export function readPace(workspace: string): Pace | undefined {
  const path = join(workspace, 'pace.json')
  if (!existsSync(path)) return undefined
  try {
    const { multiplyAddsPerSecond, secondsPerStep } = readJsonFile(path) as Partial<Pace>
    const usable = typeof multiplyAddsPerSecond === 'number' && multiplyAddsPerSecond > 0 && typeof secondsPerStep === 'number'
    return usable ? { multiplyAddsPerSecond, secondsPerStep } : undefined
  } catch {
    // Only a forecast hangs on it; an unreadable pace is no pace.
    return undefined
  }
}

/** Writes what was forecast at the start of a run. */
export function recordForecast(run: RunFolder, made: Forecast): void {
  const record: ForecastRecord = { version: 1, ...made, workedSeconds: 0, actual: null, minutesRatio: null, memoryRatio: null }
  writeJsonFile(recordPath(run), record)
}

/**
 * After each spell of work: adds its seconds to the record. When the run has finished, how wrong the forecast was goes into the record, and
 * the pace into the workspace for the next forecast. Undefined where the run has no record or has not finished.
 */
export function settleForecast(run: RunFolder, workspace: string, seconds: number, finished: boolean): ForecastRecord | undefined {
  const path = recordPath(run)
  if (!existsSync(path)) return undefined
  const before = readJsonFile(path) as ForecastRecord
  const worked = { ...before, workedSeconds: before.workedSeconds + seconds }
  const record = finished ? settled(worked, peakBytes(run)) : worked
  writeJsonFile(path, record)
  if (!finished) return undefined
  const pace = paceOf(run, record.workedSeconds)
  if (pace !== undefined) writeJsonFile(join(workspace, 'pace.json'), pace)
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
  return existsSync(run.pulsePath) ? readPulses(run.pulsePath).reduce((most, pulse) => Math.max(most, pulse.residentBytes), 0) : 0
}

function readPulses(path: string): Pulse[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as Pulse]
      } catch {
        // The last line of a killed process may be torn.
        return []
      }
    })
}

/** The seconds a step costs besides its arithmetic are kept as assumed; the rest of the time is the arithmetic's. */
function paceOf(run: RunFolder, workedSeconds: number): Pace | undefined {
  const work = workload(run.manifest.settings, run.manifest.job as RunJob)
  const steps = work.reduce((sum, stage) => sum + stage.steps, 0)
  const multiplyAdds = work.reduce((sum, stage) => sum + stage.multiplyAdds, 0)
  const seconds = workedSeconds - otherMinutes * 60 - steps * assumedPace.secondsPerStep
  return seconds <= 1 ? undefined : { multiplyAddsPerSecond: multiplyAdds / seconds, secondsPerStep: assumedPace.secondsPerStep }
}
