/**
 * The rule by which lambda follows the derived network's latency (published code: after an epoch it doubles where the student is slower than
 * 155 frames a second and halves where it is faster than 175). Ours speaks of milliseconds around the person's target, and has bounds.
 */
export interface LatencyWindow {
  targetLatencyMs: number
  /** Half the window's width as a share of the target, 0..1. */
  band: number
  /** Where lambda began; it stays within `greatestFactor` of it either way. */
  initialLambda: number
}

export type LambdaChange = 'doubled' | 'halved' | 'kept'

/** Ten doublings: a target that no network of the space can reach must not let the latency term grow for ever. */
export const greatestFactor = 1024

/** `derivedLatencyMs` is that of the network that would be derived now; inside the window and on its edges lambda stays. */
export function controlLambda(lambda: number, derivedLatencyMs: number, window: LatencyWindow): { lambda: number; change: LambdaChange } {
  const { targetLatencyMs, band, initialLambda } = window
  const wanted = derivedLatencyMs > (1 + band) * targetLatencyMs ? 2 * lambda : derivedLatencyMs < (1 - band) * targetLatencyMs ? lambda / 2 : lambda
  const next = Math.min(greatestFactor * initialLambda, Math.max(initialLambda / greatestFactor, wanted))
  return { lambda: next, change: next > lambda ? 'doubled' : next < lambda ? 'halved' : 'kept' }
}
