/** Time for the host: monotonic, and replaceable in tests. */
export interface Clock {
  /** Milliseconds from some fixed moment; never goes back. */
  now(): number
  /** Calls `work` once after `delayMs`; the result cancels it. */
  after(delayMs: number, work: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(delayMs, work) {
    const timer = setTimeout(work, delayMs)
    return () => clearTimeout(timer)
  }
}
