/** Threads and oneDNN change the last bits of every result, so both are pinned before TensorFlow loads and are part of the fingerprint. */
export interface EngineNumerics {
  /** Threads inside one kernel, 1 or more. */
  threads: number
  /** Whether Intel's oneDNN kernels are used. */
  oneDnn: boolean
}

/** The variables that a worker must be started with. TensorFlow reads them once, while it loads, so they cannot be set later. */
export function engineEnvironment({ threads, oneDnn }: EngineNumerics): Record<string, string> {
  return {
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    TF_ENABLE_ONEDNN_OPTS: oneDnn ? '1' : '0',
    TF_DETERMINISTIC_OPS: '1',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    TF_CPP_MIN_LOG_LEVEL: '2'
  }
}
