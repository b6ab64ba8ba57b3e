import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mergeSettings } from '../../../src/shared/config/mergeSettings.js'
import { parseSettings } from '../../../src/shared/config/parseSettings.js'
import type { Settings, SettingsInput } from '../../../src/shared/config/settings.js'
import { presets } from '../../../src/shared/presets.js'
import { RunFolder } from '../../../src/storage/runFolder.js'
import { forecast, readPace, recordForecast, settleForecast } from '../../../src/host/forecast.js'
import { workload } from '../../../src/host/workload.js'

function settings(change: SettingsInput = {}): Settings {
  return parseSettings(mergeSettings(presets.quick.settings as unknown as SettingsInput, change), 'test')
}

function work(stage: string, change: SettingsInput = {}): { steps: number; multiplyAdds: number; mapBytes: number } {
  const found = workload(settings(change), 'run').find((one) => one.stage === stage)
  if (found === undefined) throw new Error(`no stage ${stage}`)
  return found
}

describe('workload', () => {
  it('has the stages of the job', () => {
    const names = (job: 'run' | 'search' | 'train', change: SettingsInput = {}): string[] =>
      workload(settings({ pretrain: { epochs: 1 }, ...change }), job).map(({ stage, variant }) =>
        variant === undefined ? stage : `${stage} ${variant}`
      )
    const search = ['pretrain', 'search decoupled', 'search joint']
    const train = ['train-teacher', 'train-student', 'train-plain', 'train-handmade']
    const both: SettingsInput = { search: { latencyTerm: 'both' }, train: { compareWithoutDistillation: true, compareHandmade: true } }
    expect(names('run', both)).toEqual([...search, ...train])
    expect(names('search', both)).toEqual(search)
    expect(names('train', both)).toEqual(train)
    expect(names('run', { ...both, train: { teacherSteps: 0, compareHandmade: false, compareWithoutDistillation: false } })).toEqual([
      ...search,
      'train-student'
    ])
  })

  it('grows with steps, batch and area as arithmetic does', () => {
    const crops = { data: { cropHeight: 64, cropWidth: 64, searchCropHeight: 0, searchCropWidth: 0 } }
    const base = work('pretrain', { ...crops, pretrain: { batch: 2, stepsPerEpoch: 10 } })
    expect(work('pretrain', { ...crops, pretrain: { batch: 2, stepsPerEpoch: 20 } }).multiplyAdds).toBeCloseTo(2 * base.multiplyAdds, 0)
    expect(work('pretrain', { ...crops, pretrain: { batch: 6, stepsPerEpoch: 10 } }).multiplyAdds).toBeCloseTo(3 * base.multiplyAdds, 0)
    const wide = { data: { ...crops.data, cropWidth: 128 } }
    expect(work('pretrain', { ...wide, pretrain: { batch: 2, stepsPerEpoch: 10 } }).multiplyAdds).toBeCloseTo(2 * base.multiplyAdds, 0)
    expect(work('pretrain', { ...wide, pretrain: { batch: 2, stepsPerEpoch: 10 } }).mapBytes).toBe(2 * base.mapBytes)
    expect(
      work('pretrain', { ...crops, pretrain: { batch: 2, stepsPerEpoch: 10 }, space: { baseWidth: 8 } }).multiplyAdds / base.multiplyAdds
    ).toBeGreaterThan(3)
  })
})

describe('forecast', () => {
  let folder = ''
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'forecast-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('goes by the pace that it is given', () => {
    const slow = forecast(settings(), 'run', { multiplyAddsPerSecond: 1e9, secondsPerStep: 0 })
    const fast = forecast(settings(), 'run', { multiplyAddsPerSecond: 4e9, secondsPerStep: 0 })
    const other = slow.minutes - slow.stages.reduce((sum, { minutes }) => sum + minutes, 0)
    expect((slow.minutes - other) / (fast.minutes - other)).toBeCloseTo(4)
    expect(slow.basis).toBe('measured')
    expect(forecast(settings(), 'run').basis).toBe('assumed')
  })

  it('learns: after a run, the same run is forecast as long as it took', () => {
    const run = RunFolder.create(join(folder, 'a'), { name: 'a', job: 'run', settings: settings() })
    const made = forecast(settings(), 'run')
    recordForecast(run, made)
    expect(settleForecast(run, folder, 1000, false)).toBeUndefined()
    expect(readPace(folder)).toBeUndefined()
    const record = settleForecast(run, folder, 2600, true)
    expect(record).toMatchObject({ workedSeconds: 3600, actual: { minutes: 60, peakBytes: 0 }, memoryRatio: null })
    expect(record?.minutesRatio).toBeCloseTo(made.minutes / 60)
    expect(JSON.parse(readFileSync(join(run.outputsPath, 'forecast.json'), 'utf8'))).toEqual(record)
    expect(forecast(settings(), 'run', readPace(folder)).minutes).toBeCloseTo(60)
  })
})
