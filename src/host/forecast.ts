/** What a person reads before the start: what the run does, how long it will take and how much memory. */
import type { Settings } from '../shared/config/settings.js'
import type { RunJob } from '../shared/runPlan.js'
import { assumedPace, secondsOf, type Pace } from './pace.js'
import { stageName } from './stageWork.js'
import type { KnownNetworks } from './trainWork.js'
import { workload } from './workload.js'

export interface StageForecast {
  /** With its variant, as `search (joint)`; `dataset` is what comes before the first stage. */
  stage: string
  /** 0 for a task without steps. */
  steps: number
  minutes: number
}

export interface Forecast {
  /** In the order of the run. */
  stages: StageForecast[]
  minutes: number
  memoryBytes: number
  /** measured: by the pace of earlier runs in this workspace. assumed: by that of a machine with two idle cores. */
  basis: 'measured' | 'assumed'
}

/** TensorFlow, Node and the libraries, before the first map. */
const programBytes = 580 * 1048576
/** Gradients, scratch and what the allocator keeps beside the maps: resident bytes for each byte of maps, as measured. */
const mapFactor = 5.5

/** `networks`: those that the run is given. */
export function forecast(settings: Settings, job: RunJob, pace?: Pace, networks: KnownNetworks = {}): Forecast {
  const work = workload(settings, job, networks)
  const stages = work.map((stage) => ({
    stage: stageName(stage),
    steps: stage.steps,
    minutes: secondsOf(stage, pace ?? assumedPace) / 60
  }))
  return {
    stages,
    minutes: stages.reduce((sum, { minutes }) => sum + minutes, 0),
    memoryBytes: programBytes + Math.max(...work.map(({ mapBytes, weightBytes }) => mapFactor * mapBytes + weightBytes)),
    basis: pace === undefined ? 'assumed' : 'measured'
  }
}
