/**
 * The latency term of the architecture loss (FasterSeg, section 3.3): decoupled into operators, scales and widths, each weighed on its
 * own, or one joint term. In relative units (docs/decisions), so that lambda means the same on every device.
 */
import { decoupledLatency, relativeLatencyUnit } from '../../core/latency/decoupledLatency.js'
import type { BranchPair, LatencyCosts } from '../../core/latency/latencyCosts.js'
import type { ArchitectureLogits } from '../../shared/architecture.js'

export interface LatencyTermOptions {
  costs: LatencyCosts
  pairs: readonly BranchPair[]
  variant: 'decoupled' | 'joint'
  /** w1, w2, w3; used where decoupled. */
  weights: readonly number[]
  lambda: number
}

export interface LatencyTerm {
  /** Expected latency in milliseconds, mean over the pairs. */
  latencyMs: number
  /** The terms in relative units, before lambda; `loss` is what enters the architecture loss. */
  terms: { operators: number; scales: number; widths: number; joint: number; loss: number }
  /** Of `loss` with respect to the logits. */
  gradient: ArchitectureLogits
}

export function latencyTerm(logits: ArchitectureLogits, options: LatencyTermOptions): LatencyTerm {
  const { costs, pairs, variant, weights, lambda } = options
  const parts = decoupledLatency(costs, logits, pairs)
  const unit = relativeLatencyUnit(costs, logits, pairs)
  const [w1, w2, w3] = weights
  const decoupled = w1 * parts.operators.latencyMs + w2 * parts.scales.latencyMs + w3 * parts.widths.latencyMs
  const loss = lambda * unit * (variant === 'joint' ? parts.joint.latencyMs : decoupled)
  const gradient =
    variant === 'joint'
      ? { ...parts.joint.gradient }
      : {
          alpha: scaled(parts.operators.gradient, w1),
          beta: scaled(parts.scales.gradient, w2),
          gamma: scaled(parts.widths.gradient, w3)
        }
  return {
    latencyMs: parts.joint.latencyMs,
    terms: {
      operators: unit * parts.operators.latencyMs,
      scales: unit * parts.scales.latencyMs,
      widths: unit * parts.widths.latencyMs,
      joint: unit * parts.joint.latencyMs,
      loss
    },
    gradient: {
      alpha: scaled(gradient.alpha, lambda * unit),
      beta: scaled(gradient.beta, lambda * unit),
      gamma: scaled(gradient.gamma, lambda * unit)
    }
  }
}

function scaled(tables: number[][][], factor: number): number[][][] {
  return tables.map((rows) => rows.map((row) => row.map((value) => value * factor)))
}
