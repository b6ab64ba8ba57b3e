/** Training batches, made ahead of the step that needs them. */
import { AppError } from '../../shared/errors.js'
import type { BatchArrays, BatchPlan } from './makeBatch.js'
import type { SampleSource } from './sampleSource.js'

export interface Batch extends BatchArrays {
  count: number
  height: number
  width: number
  /** How long the step waited for this batch. */
  waitedMs: number
}

export interface BatchLoader {
  /** The batch of `step`; any step may be asked for, going on from the last one is fast. Throws what reading a sample throws. */
  next(step: number): Promise<Batch>
  /** Milliseconds waited since the loader was opened. */
  readonly waitedMs: number
  close(): void
}

/** Opens a loader over `plan.references`. Closing it leaves the source open, which several loaders may share. Throws data.too-few. */
export function openBatchLoader(source: SampleSource, plan: BatchPlan, ahead = 3): BatchLoader {
  const { references, batch, augment } = plan
  if (references.length < batch)
    throw new AppError('data.too-few', `expected at least ${batch} images for a batch of ${batch}, found ${references.length}`)
  const number = source.addPlan(plan)
  const coming = new Map<number, Promise<BatchArrays>>()
  let waitedMs = 0
  let closed = false

  function request(step: number): Promise<BatchArrays> {
    const known = coming.get(step)
    if (known) return known
    const asked = source.batch(number, step)
    // A batch that fails ahead of time is reported when its step comes.
    asked.catch(() => undefined)
    coming.set(step, asked)
    return asked
  }

  return {
    async next(step) {
      if (closed) throw new AppError('internal', `step ${step} was asked for after the loader was closed`)
      const start = performance.now()
      for (const known of coming.keys()) if (known < step || known > step + ahead) coming.delete(known)
      const arrays = request(step)
      const last = source.threads > 0 ? step + ahead : step
      for (let later = step + 1; later <= last; later++) void request(later)
      const ready = await arrays
      coming.delete(step)
      const elapsed = performance.now() - start
      waitedMs += elapsed
      return { ...ready, count: batch, height: augment.cropHeight, width: augment.cropWidth, waitedMs: elapsed }
    },
    get waitedMs() {
      return waitedMs
    },
    close() {
      closed = true
      coming.clear()
    }
  }
}
