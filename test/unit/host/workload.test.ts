import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mergeSettings } from '../../../src/shared/config/mergeSettings.js'
import { parseSettings } from '../../../src/shared/config/parseSettings.js'
import type { SettingsInput } from '../../../src/shared/config/settings.js'
import type { RunJob } from '../../../src/shared/runPlan.js'
import { presets } from '../../../src/shared/presets.js'
import type { Architecture } from '../../../src/shared/architecture.js'
import type { StageWork } from '../../../src/host/stageWork.js'
import { stageName } from '../../../src/host/stageWork.js'
import type { KnownNetworks } from '../../../src/host/trainWork.js'
import { workload } from '../../../src/host/workload.js'

function all(change: SettingsInput = {}, job: RunJob = 'run', networks: KnownNetworks = {}): StageWork[] {
  return workload(parseSettings(mergeSettings(presets.quick.settings as unknown as SettingsInput, change), 'test'), job, networks)
}

function work(name: string, change: SettingsInput = {}, networks: KnownNetworks = {}): StageWork {
  const found = all(change, 'run', networks).find((one) => stageName(one) === name)
  if (found === undefined) throw new Error(`no stage ${name}`)
  return found
}

const crops: SettingsInput = { data: { cropHeight: 64, cropWidth: 64, searchCropHeight: 0, searchCropWidth: 0 } }
const pretraining = (change: SettingsInput): StageWork => work('pretrain', mergeSettings(crops, change))

describe('workload', () => {
  it('has the stages of the job in the order of the run', () => {
    const names = (job: RunJob, change: SettingsInput = {}): string[] => all(change, job).map(stageName)
    const search = ['pretrain', 'search (decoupled)', 'search (joint)', 'derive']
    const train = ['train-teacher', 'train-student', 'train-plain', 'train-handmade', 'evaluate', 'export']
    expect(names('run')).toEqual(['dataset', 'latency', ...search, ...train, 'report'])
    expect(names('search')).toEqual(['dataset', 'latency', ...search, 'report'])
    expect(names('train')).toEqual(['dataset', 'latency', ...train, 'report'])
    const less: SettingsInput = {
      pretrain: { epochs: 0 },
      search: { latencyTerm: 'joint' },
      train: { teacherSteps: 0, compareHandmade: false, distillation: false }
    }
    expect(names('run', less)).toEqual(['dataset', 'latency', 'search (joint)', 'derive', 'train-student', 'evaluate', 'export', 'report'])
  })

  it('counts the layers of a weight step as the engine runs them', () => {
    // By hand, for 3 layers. Keep has 7 convolutions (skip, conv, conv_downup, two of conv_2x, two of conv_2x_downup), down has 8 (its skip
    // has two). Layer 0: 15. Layer 1: 15 at 1/8, 15 at 1/16. Layer 2, the last: 7 at 1/8, twice 7 at 1/16, 7 at 1/32, which has only one
    // predecessor. Stem 5, aggregation 6, two a head.
    const cells = 15 + 30 + 7 + 14 + 7
    const pass = (heads: number): number => cells + 5 + 6 + 2 * heads
    const counted = (change: SettingsInput): number => {
      const { layerRuns, steps } = pretraining(mergeSettings({ space: { layers: 3, branchPairs: ['16,32', '8,32'] } }, change))
      return layerRuns / steps
    }
    expect(counted({})).toBe(4 * pass(5))
    expect(counted({ space: { branchPairs: ['16,32', '8,16'] } })).toBe(4 * pass(6))
    expect(counted({ space: { widths: [12] } })).toBe(pass(5))
    expect(counted({ pretrain: { batch: 8 } })).toBe(4 * pass(5))
  })

  it('grows with steps, batch and area as arithmetic does', () => {
    const base = pretraining({ pretrain: { batch: 2, stepsPerEpoch: 10 } })
    const longer = pretraining({ pretrain: { batch: 2, stepsPerEpoch: 20 } })
    expect(longer.multiplyAdds).toBeCloseTo(2 * base.multiplyAdds, 0)
    expect(longer.layerRuns).toBeCloseTo(2 * base.layerRuns)
    expect(pretraining({ pretrain: { batch: 6, stepsPerEpoch: 10 } }).multiplyAdds).toBeCloseTo(3 * base.multiplyAdds, 0)
    const wide = pretraining({ data: { cropWidth: 128 }, pretrain: { batch: 2, stepsPerEpoch: 10 } })
    expect(wide.multiplyAdds).toBeCloseTo(2 * base.multiplyAdds, 0)
    expect(wide.mapBytes).toBe(2 * base.mapBytes)
    expect(wide.layerRuns).toBe(base.layerRuns)
    const deep = pretraining({ pretrain: { batch: 2, stepsPerEpoch: 10 }, space: { baseWidth: 8 } })
    expect(deep.multiplyAdds / base.multiplyAdds).toBeGreaterThan(3)
    expect(deep.layerRuns).toBe(base.layerRuns)
  })

  it('takes the crops of the search for the search alone', () => {
    const small: SettingsInput = { data: { searchCropHeight: 64, searchCropWidth: 128 } }
    const large: SettingsInput = { data: { searchCropHeight: 128, searchCropWidth: 256 } }
    expect(work('pretrain', large).multiplyAdds).toBeCloseTo(4 * work('pretrain', small).multiplyAdds, 0)
    expect(work('train-student', large)).toEqual(work('train-student', small))
  })

  it('takes the crops of pretraining for it alone, and judges the supernet at the scale of the search', () => {
    const twice: SettingsInput = { data: { searchCropHeight: 64, searchCropWidth: 128, pretrainCropHeight: 128, pretrainCropWidth: 128 } }
    const none: SettingsInput = { data: { searchCropHeight: 64, searchCropWidth: 128 } }
    expect(work('pretrain', twice).multiplyAdds).toBeCloseTo(2 * work('pretrain', none).multiplyAdds, 0)
    expect(work('search (joint)', twice)).toEqual(work('search (joint)', none))
    const searched = (searchScale: number, selectionFraction: number): number =>
      work('search (joint)', { ...none, data: { ...none.data, height: 512, width: 1024, searchScale, selectionFraction }, search: { epochs: 1, stepsPerEpoch: 1 } }).multiplyAdds
    // Of 240 scenes 24 and 48: what is more is the judging of 24.
    const judged = (searchScale: number): number => searched(searchScale, 0.2) - searched(searchScale, 0.1)
    expect(judged(1) / judged(0.5)).toBeCloseTo(4, 3)
    expect(work('train-student', { data: { searchScale: 0.5 } })).toEqual(work('train-student'))
  })

  it('counts the supernet\'s weights as the published code has them', () => {
    // 252,057,316 in the published code, which also counts norms of every width and an unused pair of each.
    const copies = 6
    const paper = workload(parseSettings(mergeSettings(presets.paper.settings as unknown as SettingsInput, { run: { passWorkers: 1 }, space: { branchPairs: ['16,32', '8,32'] }, data: { layout: 'cityscapes', source: '/nowhere' } }), 'test'), 'run')
    const weights = (stage: string): number => paper.find((one) => one.stage === stage)!.weightBytes / 4 / copies
    expect(weights('pretrain') / 252_057_316).toBeCloseTo(1, 2)
    expect(weights('search')).toBe(weights('pretrain'))
    expect(weights('train-student')).toBe(0)
  })

  it('takes between two and three times as long for a step of the second order', () => {
    const step = (order: 'first' | 'second'): StageWork => work('search (joint)', { search: { order }, run: { passWorkers: 1 } })
    expect(step('second').multiplyAdds / step('first').multiplyAdds).toBeGreaterThan(2)
    expect(step('second').multiplyAdds / step('first').multiplyAdds).toBeLessThan(3)
    expect(step('second').weightBytes).toBeGreaterThan(step('first').weightBytes)
    expect(work('search (joint)', { run: { passWorkers: 3 } }).weightBytes).toBeGreaterThan(work('search (joint)', { run: { passWorkers: 1 } }).weightBytes)
  })

  it('knows Cityscapes by its folders', () => {
    const folder = mkdtempSync(join(tmpdir(), 'workload-'))
    const images = (): number => work('dataset', { data: { source: folder } }).otherSeconds
    const before = images()
    for (const name of ['leftImg8bit', 'gtFine']) mkdirSync(join(folder, name))
    expect(images() / before).toBeGreaterThan(5)
    expect(work('dataset', { data: { source: folder, layout: 'folder' } }).otherSeconds).toBe(before)
    rmSync(folder, { recursive: true })
  })

  it('judges the selection images at the end of every epoch', () => {
    const rest = (name: string, change: SettingsInput): number => work(name, change).layerRuns
    for (const [name, settings] of [
      ['train-student', 'train'],
      ['search (joint)', 'search']
    ]) {
      const epochs = (count: number): SettingsInput =>
        settings === 'train' ? { train: { studentSteps: 300, stepsPerEpoch: 300 / count } } : { search: { epochs: count, stepsPerEpoch: 30 / count } }
      const one = rest(name, epochs(2)) - rest(name, epochs(1))
      expect(one).toBeGreaterThan(0)
      expect(rest(name, epochs(3)) - rest(name, epochs(1))).toBeCloseTo(2 * one)
      const more: SettingsInput = { data: { selectionFraction: 0.2 } }
      expect(rest(name, mergeSettings(epochs(2), more))).toBeGreaterThan(rest(name, epochs(2)))
    }
  })

  it('adds the frozen teacher where the student learns from it', () => {
    const student = work('train-student', { train: { stepsPerEpoch: 1000 } })
    const plain = work('train-plain', { train: { stepsPerEpoch: 1000 } })
    expect(student.layerRuns).toBeGreaterThan(plain.layerRuns)
    const alone = work('train-student', { train: { stepsPerEpoch: 1000, distillation: false } })
    expect({ ...alone, stage: 'train-plain' }).toEqual(plain)
  })

  it('counts the images that a run of the built-in scenes reads, and assumes some of a folder', () => {
    const evaluated = (change: SettingsInput): number => work('evaluate', { latency: { height: 64, width: 128 }, ...change }).layerRuns
    expect(evaluated({ data: { streetsVal: 80 } })).toBeCloseTo(2 * evaluated({ data: { streetsVal: 40 } }))
    expect(evaluated({ data: { source: '/somewhere' } })).toBeCloseTo(2.5 * evaluated({ data: { streetsVal: 40 } }))
    expect(work('dataset', { data: { streetsTrain: 2000 } }).otherSeconds).toBeGreaterThan(work('dataset').otherSeconds)
  })

  it('measures no table that it is given', () => {
    expect(work('latency', { latency: { table: '/a.json' } }).otherSeconds).toBe(0)
    const few = work('latency', { latency: { repeats: 10 } }).otherSeconds
    expect(few).toBeGreaterThan(0)
    // Every further call costs the same; opening the models does not grow with them.
    const [more, most] = [20, 30].map((repeats) => work('latency', { latency: { repeats } }).otherSeconds)
    expect(more).toBeGreaterThan(few)
    expect(most - more).toBeCloseTo(more - few)
  })

  it('counts the steps that time candidates where their budget is minutes: eight of each but the likeliest, and as many of that', () => {
    const derive = (change: SettingsInput['search']) => all({ search: { candidates: 3, candidateSteps: 100, ...change } }).find(({ stage }) => stage === 'derive')!
    const none = derive({ candidates: 1, candidateBudget: 'minutes' })
    const [steps, minutes] = (['steps', 'minutes'] as const).map((candidateBudget) => derive({ candidateBudget }))
    const more = derive({ candidateBudget: 'steps', candidateSteps: 132 })
    // Two others are timed for 16 steps each; 32 more steps for each of three are three times as many. Judging costs the same.
    expect(minutes.layerRuns - steps.layerRuns).toBeCloseTo((more.layerRuns - steps.layerRuns) / 3, 6)
    expect(minutes.otherSeconds - steps.otherSeconds).toBeCloseTo((more.otherSeconds - steps.otherSeconds) / 3, 6)
    expect(minutes.layerRuns).toBeGreaterThan(steps.layerRuns)
    expect(none.layerRuns).toBeLessThan(steps.layerRuns)
  })

  it('takes the network that it is given', () => {
    const cells: Architecture['branches'][0]['cells'] = [{ layer: 0, operator: 'conv', scale: 8, downsample: false, width: 9 }]
    const student: Architecture = {
      version: 1,
      name: 'student',
      classes: 11,
      baseWidth: 4,
      stemWidth: 9,
      branches: [{ finalScale: 8, cells }],
      sharedLayers: 0,
      notes: []
    }
    const shallow = work(
      'train-plain',
      { train: { stepsPerEpoch: 300, studentSteps: 300 }, data: { selectionFraction: 0.02 } },
      { student }
    )
    // Stem 5, cell 1, head 2; forward alone on 5 selection images at a third.
    expect(shallow.layerRuns).toBeCloseTo(300 * 8 + (5 * 8) / 3)
  })
})
