/** Decoded samples kept in memory up to a limit; what was not used for longest goes first. */
import type { Dataset, Sample, SampleReference } from './dataset.js'
import { loadSample } from './loadSample.js'

export interface SampleCache {
  /** The sample, from memory or read anew. Callers must not write into it. */
  load(reference: SampleReference): Sample
  readonly sizeBytes: number
}

export function createSampleCache(dataset: Dataset, limitBytes: number): SampleCache {
  const kept = new Map<string, Sample>()
  let sizeBytes = 0
  return {
    load(reference) {
      const known = kept.get(reference.id)
      const sample = known ?? loadSample(dataset, reference)
      if (known) kept.delete(reference.id)
      else sizeBytes += bytesOf(sample)
      kept.set(reference.id, sample)
      for (const [id, old] of kept) {
        if (sizeBytes <= limitBytes) break
        kept.delete(id)
        sizeBytes -= bytesOf(old)
      }
      return sample
    },
    get sizeBytes() {
      return sizeBytes
    }
  }
}

function bytesOf(sample: Sample): number {
  return sample.image.byteLength + sample.mask.byteLength
}
