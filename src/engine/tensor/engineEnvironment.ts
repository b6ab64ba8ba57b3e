/** Threads and oneDNN change the last bits of every result, so both are pinned before TensorFlow loads and are part of the fingerprint. */
export interface EngineThreads {
  /** Threads inside one kernel, 1 or more. */
  threads: number
  /** Whether Intel's oneDNN kernels are used. */
  oneDnn: boolean
}

/**
 * The environment that a worker process must be started with. TensorFlow reads it once, while it loads, so it cannot be set later.
 * This file loads nothing: the host uses it too.
 */
export function engineEnvironment({ threads, oneDnn }: EngineThreads): Record<string, string> {
  return {
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    TF_ENABLE_ONEDNN_OPTS: oneDnn ? '1' : '0',
    TF_DETERMINISTIC_OPS: '1',
    TF_CPP_MIN_LOG_LEVEL: '2'
  }
}
