/** Our side of `npm run bench -- data`: batches as a training of preset camvid-small gets them. */
import { openDataset } from '../../src/engine/data/openDataset.js'
import { openBatchLoader } from '../../src/engine/data/loader.js'
import type { BatchPlan } from '../../src/engine/data/makeBatch.js'
import { openSampleSource } from '../../src/engine/data/sampleSource.js'
import { settingsSchema, type SettingsInput } from '../../src/shared/config/settings.js'
import { presets } from '../../src/shared/presets.js'
import { answerLines } from '../turns/answerLines.js'

const seed = 1

/** `decoding`: nothing is kept; `kept`: decoded images stay in memory, as they do after the first epoch. Both in this process alone. */
export async function ownBatches(data: string, batch: number, kind: 'decoding' | 'kept'): Promise<void> {
  const { dataset, plan } = await open(data, batch)
  const source = openSampleSource(dataset, { threads: 0, ...(kind === 'decoding' ? { cacheBytes: 0 } : {}) })
  const number = source.addPlan(plan)
  let step = 0
  if (kind === 'kept') for (const reference of dataset.train) await source.sample(reference)
  await answerLines({ images: dataset.train.length }, () => source.batch(number, step++))
  source.close()
}

/** Share of the time that steps of `stepMs` wait for the loader's thread, images decoded for the first time; this thread is busy, as in a step. */
export async function waitedFraction(data: string, batch: number, { stepMs, steps }: { stepMs: number; steps: number }): Promise<number> {
  const { dataset, plan } = await open(data, batch)
  const source = openSampleSource(dataset, { threads: 1 })
  if (source.threads === 0) throw new Error('loaderThread.cjs does not stand beside this bench.')
  const loader = openBatchLoader(source, plan)
  // The first batch is waited for by every training once.
  await loader.next(0)
  let waitedMs = 0
  const start = performance.now()
  for (let step = 1; step <= steps; step++) {
    waitedMs += (await loader.next(step)).waitedMs
    const end = performance.now() + stepMs
    while (performance.now() < end) continue
  }
  const elapsedMs = performance.now() - start
  loader.close()
  source.close()
  return waitedMs / elapsedMs
}

async function open(data: string, batch: number): Promise<{ dataset: Awaited<ReturnType<typeof openDataset>>; plan: BatchPlan }> {
  const preset = presets['camvid-small'].settings as unknown as SettingsInput
  const settings = settingsSchema.parse({ ...preset, data: { ...preset.data, source: data } })
  const dataset = await openDataset(settings.data, seed)
  return { dataset, plan: { references: dataset.train, batch, seed, stream: 'bench', augment: settings.data } }
}
