/**
 * What a pair of branches is chosen by (FasterSeg, section 3.2): accuracy * (latency / target) ^ exponent, the larger the better.
 * The paper: mIoU as a fraction, target 8.3 ms on its GPU, exponent -0.07.
 */
export function objective(accuracy: number, latencyMs: number, targetMs: number, exponent: number): number {
  return accuracy * (latencyMs / targetMs) ** exponent
}
