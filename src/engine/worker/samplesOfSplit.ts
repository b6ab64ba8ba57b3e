/** Samples of a dataset one by one, outside a run. */
import type { SampleReference } from '../data/dataset.js'
import type { SampleSource } from '../data/sampleSource.js'
import type { EvaluationSample } from '../evaluate/evaluate.js'

export async function* samplesOfSplit(source: SampleSource, references: readonly SampleReference[]): AsyncGenerator<EvaluationSample> {
  for (const reference of references) yield { id: reference.id, ...(await source.sample(reference)) }
}
