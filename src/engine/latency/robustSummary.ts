/** From many timings of one thing to one number, on a machine that also does other things. */
import { median } from '../../core/median.js'
import type { LatencyEntry } from '../../shared/latencyTable.js'

/** Makes the median absolute deviation of normal noise its standard deviation. */
const deviationsPerMad = 1.4826

/** Timings further than this many deviations from the median are outliers. */
const outlierDeviations = 3

/**
 * Median, deviation and number of the samples that are left once outliers (more than 3 deviations from the median) are gone.
 * The deviation is 1.4826 times the median absolute deviation, so one hiccup does not change it. `samplesMs` must not be empty.
 */
export function robustSummary(samplesMs: readonly number[]): LatencyEntry {
  const center = median(samplesMs)
  const limit = outlierDeviations * medianDeviation(samplesMs, center)
  const kept = samplesMs.filter((sample) => Math.abs(sample - center) <= limit)
  const medianMs = median(kept)
  return { medianMs, deviationMs: medianDeviation(kept, medianMs), count: kept.length }
}

function medianDeviation(samples: readonly number[], center: number): number {
  return deviationsPerMad * median(samples.map((sample) => Math.abs(sample - center)))
}
