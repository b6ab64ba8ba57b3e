/**
 * The latency term taken apart (FasterSeg, section 3.3): how much of it operators, scales and widths each answer for, so that each can be
 * weighed on its own. In each term the other two factors stand fixed: alpha uniform, beta uniform, widths at their widest.
 */
import type { ArchitectureLogits } from '../../shared/architecture.js'
import {
  architectureProbabilities,
  expectationOf,
  gradientOfLogits,
  type ArchitectureProbabilities,
  type ExpectedLatency
} from './expectedLatency.js'
import { branchPairs, type BranchPair, type LatencyCosts } from './latencyCosts.js'

/** One term, and its gradient with respect to the logits that it is about. */
export interface LatencyTerm {
  latencyMs: number
  gradient: number[][][]
}

export interface DecoupledLatency {
  /** Gradient of alpha. */
  operators: LatencyTerm
  /** Gradient of beta. */
  scales: LatencyTerm
  /** Gradient of gamma. */
  widths: LatencyTerm
  /** Nothing fixed: the expected latency itself. */
  joint: ExpectedLatency
}

export function decoupledLatency(
  costs: LatencyCosts,
  logits: ArchitectureLogits,
  pairs: readonly BranchPair[] = branchPairs
): DecoupledLatency {
  const actual = architectureProbabilities(logits)
  const neutral = neutralProbabilities(logits)
  const term = (name: keyof ArchitectureLogits): LatencyTerm => {
    const mixed = { ...neutral, [name]: actual[name] }
    const { latencyMs, gradient } = expectationOf(costs, mixed, pairs)
    return { latencyMs, gradient: gradientOfLogits(mixed, gradient)[name] }
  }
  const joint = expectationOf(costs, actual, pairs)
  return {
    operators: term('alpha'),
    scales: term('beta'),
    widths: term('gamma'),
    joint: { ...joint, gradient: gradientOfLogits(actual, joint.gradient) }
  }
}

/** Milliseconds of the paper's uniform, widest supernet on its 1080Ti (measured by running the published code, 16 layers). */
export const publishedUniformWidestMs = 27.712

/**
 * Factor from milliseconds on this table to the unit of the latency loss: the uniform, widest supernet counts 27.712 on every device, so
 * that lambda means everywhere what it meant to the authors.
 */
export function relativeLatencyUnit(costs: LatencyCosts, logits: ArchitectureLogits, pairs: readonly BranchPair[] = branchPairs): number {
  return publishedUniformWidestMs / expectationOf(costs, neutralProbabilities(logits), pairs).latencyMs
}

/** Uniform operators, uniform predecessors, the widest maps; only the shape of `logits` is read. */
export function neutralProbabilities(logits: ArchitectureLogits): ArchitectureProbabilities {
  const uniform = (tables: number[][][]) => tables.map((rows) => rows.map((row) => row.map(() => 1 / row.length)))
  const widest = (row: number[]) => row.map((_, column) => (column === row.length - 1 ? 1 : 0))
  return { alpha: uniform(logits.alpha), beta: uniform(logits.beta), gamma: logits.gamma.map((rows) => rows.map(widest)) }
}
