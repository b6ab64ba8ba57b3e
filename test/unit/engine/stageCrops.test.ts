/** Which crops and which images a stage sees. */
import { describe, expect, it } from 'vitest'
import { parseSettings } from '../../../src/shared/config/parseSettings.js'
import type { SettingsInput } from '../../../src/shared/config/settings.js'
import type { BatchPlan } from '../../../src/engine/data/makeBatch.js'
import type { Sample } from '../../../src/engine/data/dataset.js'
import { openLoader, searchSelectionSamples, type Workplace } from '../../../src/engine/stages/workplace.js'

function workplace(data: NonNullable<SettingsInput['data']>, sample?: Sample): { place: Workplace; plans: BatchPlan[] } {
  const plans: BatchPlan[] = []
  const source = { threads: 0, addPlan: (plan: BatchPlan) => plans.push(plan) - 1, sample: () => Promise.resolve(sample) }
  const dataset = { train: [{ id: 'train/a' }, { id: 'train/b' }] }
  // Only what the functions under test read.
  const place = { context: { settings: parseSettings({ data }, 'test') }, source, dataset, split: { selection: [1] } } as unknown as Workplace
  return { place, plans }
}

function augmentOf(data: NonNullable<SettingsInput['data']>, crops: 'pretrain' | 'search' | 'train'): number[][] {
  const { place, plans } = workplace({ cropHeight: 96, cropWidth: 192, scales: [1, 1.5], ...data })
  openLoader(place, [0, 1], { batch: 2, stream: 'test', crops })
  const { cropHeight, cropWidth, scales } = plans[0].augment
  return [[cropHeight, cropWidth], scales]
}

describe('the crops of a stage', () => {
  it('are those of training unless the search has its own, and those of the search unless pretraining has its own', () => {
    const search = { searchCropHeight: 64, searchCropWidth: 128 }
    const pretrain = { pretrainCropHeight: 32, pretrainCropWidth: 96 }
    for (const crops of ['pretrain', 'search', 'train'] as const) expect(augmentOf({}, crops)).toEqual([[96, 192], [1, 1.5]])
    expect(augmentOf(search, 'pretrain')).toEqual([[64, 128], [1, 1.5]])
    expect(augmentOf({ ...search, ...pretrain }, 'pretrain')).toEqual([[32, 96], [1, 1.5]])
    expect(augmentOf({ ...search, ...pretrain }, 'search')).toEqual([[64, 128], [1, 1.5]])
    expect(augmentOf({ ...search, ...pretrain }, 'train')).toEqual([[96, 192], [1, 1.5]])
  })

  it('show the images shrunk in pretraining and search, and as they are in training', () => {
    expect(augmentOf({ searchScale: 0.5 }, 'pretrain')[1]).toEqual([0.5, 0.75])
    expect(augmentOf({ searchScale: 0.5 }, 'search')[1]).toEqual([0.5, 0.75])
    expect(augmentOf({ searchScale: 0.5 }, 'train')[1]).toEqual([1, 1.5])
  })
})

describe('the images on which the supernet is judged', () => {
  const height = 4
  const width = 6
  const mask = Uint8Array.from({ length: height * width }, (_, pixel) => pixel)
  const image = Uint8Array.from({ length: height * width * 3 }, () => 90)

  async function judged(searchScale: number): Promise<Sample[]> {
    const samples: Sample[] = []
    for await (const sample of searchSelectionSamples(workplace({ searchScale }, { height, width, image, mask }).place)) samples.push(sample)
    return samples
  }

  it('are those of the search: halved, the mask by the nearest pixel', async () => {
    const [sample, ...others] = await judged(0.5)
    expect(others).toEqual([])
    expect([sample.height, sample.width, [...sample.mask]]).toEqual([2, 3, [7, 9, 11, 19, 21, 23]])
    expect([...sample.image]).toEqual(Array.from({ length: 18 }, () => 90))
  })

  it('are whole where the search sees whole images', async () => {
    const [sample] = await judged(1)
    expect([sample.height, sample.width]).toEqual([height, width])
    expect(sample.mask).toEqual(mask)
  })
})
