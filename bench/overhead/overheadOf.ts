import { keptThings, type KeptThing, type Spent, type StepCost } from '../countedEngine/turns.js'
import { spread, type Spread } from '../turns/spread.js'

export interface StageOverhead {
  stage: string
  kept: Spread
  bare: Spread
  /** How much longer the median kept step without a checkpoint is than the median bare one; the clock's noise is in it. */
  difference: number
}

/** Of the time of all kept steps, with checkpoints as often as they were made here. */
export type Shares = Record<KeptThing, number>

export interface Overhead {
  /** By the clock of the engine's process. */
  time: Shares
  /** By its processor time. */
  processor: Shares
  checkpoints: number
  checkpointMs: Spread
  /** The checkpoints' share by the clock, with the pace of the run's own settings. */
  checkpointsBySettings: number
  stages: StageOverhead[]
}

/** The rule of `createRunControl`: one that takes longer than this is only written when it costs at most 1 % of the time. */
const slowSaveMs = 100

export function overheadOf(costs: readonly StepCost[], pace: { checkpointSteps: number; checkpointSeconds: number }): Overhead {
  const kept = costs.filter((cost) => cost.kept)
  const saves = kept.map(({ parts }) => parts.checkpoint.ms).filter((ms) => ms > 0)
  const checkpointMs = spread(saves)
  const usualMs = spread(kept.map(({ whole, parts }) => whole.ms - parts.checkpoint.ms)).median
  const pacedMs = Math.min(pace.checkpointSteps * usualMs, pace.checkpointSeconds * 1000)
  const betweenMs = Math.max(pacedMs, checkpointMs.median >= slowSaveMs ? 99 * checkpointMs.median : 0)
  return {
    time: shares(kept, 'ms'), processor: shares(kept, 'cpuMs'), checkpoints: saves.length, checkpointMs,
    checkpointsBySettings: checkpointMs.median / (checkpointMs.median + betweenMs),
    stages: [...new Set(costs.map(({ stage }) => stage))].map((stage) => ofStage(stage, costs.filter((cost) => cost.stage === stage)))
  }
}

function shares(kept: StepCost[], by: keyof Spent): Shares {
  const whole = kept.reduce((sum, cost) => sum + cost.whole[by], 0)
  const share = (thing: KeptThing): number => kept.reduce((sum, { parts }) => sum + parts[thing][by], 0) / whole
  return Object.fromEntries(keptThings.map((thing) => [thing, share(thing)])) as Shares
}

function ofStage(stage: string, costs: StepCost[]): StageOverhead {
  const timed = (kept: boolean): Spread => spread(costs.filter((cost) => cost.kept === kept && cost.parts.checkpoint.ms === 0).map(({ whole }) => whole.ms / 1000))
  const [kept, bare] = [timed(true), timed(false)]
  return { stage, kept, bare, difference: kept.median / bare.median - 1 }
}
