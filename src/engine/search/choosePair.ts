/**
 * Which branches the derived network gets: every candidate pair is judged as it would be derived now, with the supernet's weights and
 * batch statistics of its own, by accuracy * (latency / target) ^ w (FasterSeg, section 3.2, equation 1). Judged on selection images.
 */
import { deriveArchitecture } from '../../core/derive.js'
import type { BranchPair } from '../../core/latency/latencyCosts.js'
import { tableLatencyMs } from '../../core/latency/tableLatency.js'
import { objective } from '../../core/objective.js'
import type { Architecture, ArchitectureLogits } from '../../shared/architecture.js'
import type { RunEvent } from '../../shared/events.js'
import type { LatencyTable } from '../../shared/latencyTable.js'
import { stemWidth, type PredictionName, type Role } from '../network/supernet/layout.js'
import { derivedChoice, disposeChoice } from './supernetChoices.js'
import { judgeChoice, type SupernetJudge } from './supernetEvaluation.js'

export interface ChoosePairOptions {
  role: Role
  variant: string
  logits: ArchitectureLogits
  pairs: readonly BranchPair[]
  table: LatencyTable
  judge: SupernetJudge
  /** T in milliseconds and w; the teacher has no latency to mind and takes w = 0. */
  targetLatencyMs: number
  latencyExponent: number
}

export interface ChosenNetwork {
  architecture: Architecture
  pair: BranchPair
  /** One event a pair, for the journal. */
  judged: (RunEvent & { type: 'pair-judged' })[]
}

export async function choosePair(options: ChoosePairOptions): Promise<ChosenNetwork> {
  const { role, variant, logits, pairs, table, judge } = options
  const { space } = judge.supernet
  const names = pairs.map((pair) => pair.join('+') as PredictionName)
  const choice = derivedChoice(space, role, logits)
  const accuracy = await judgeChoice(judge, choice, names)
  disposeChoice(choice)
  const candidates = pairs.map((pair, index) => {
    const rules = { rules: 'ours', forbidSkip: role === 'teacher', stemWidth: stemWidth(space, role), name: role } as const
    const architecture = deriveArchitecture(space, logits, { ...rules, finalScales: [...pair] })
    const latencyMs = tableLatencyMs(architecture, table)
    const meanIoU = accuracy[names[index]]
    const exponent = role === 'teacher' ? 0 : options.latencyExponent
    return { pair, architecture, latencyMs, meanIoU, value: objective(meanIoU, latencyMs, options.targetLatencyMs, exponent) }
  })
  const best = candidates.reduce((winner, candidate) => (candidate.value > winner.value ? candidate : winner))
  return {
    architecture: best.architecture,
    pair: best.pair,
    judged: candidates.map((candidate) => ({
      type: 'pair-judged',
      variant: role === 'teacher' ? `${variant}/teacher` : variant,
      pair: candidate.pair.join(','),
      meanIoU: candidate.meanIoU,
      latencyMs: candidate.latencyMs,
      objective: candidate.value,
      chosen: candidate === best
    }))
  }
}
