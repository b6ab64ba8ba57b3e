import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mergeSettings } from '../../../src/shared/config/mergeSettings.js'
import { parseSettings } from '../../../src/shared/config/parseSettings.js'
import type { Settings, SettingsInput } from '../../../src/shared/config/settings.js'
import type { Pulse, Stage } from '../../../src/shared/events.js'
import { presets, type PresetName } from '../../../src/shared/presets.js'
import { RunFolder } from '../../../src/storage/runFolder.js'
import { forecast, type Forecast } from '../../../src/host/forecast.js'
import { recordForecast, settleForecast } from '../../../src/host/forecastRecord.js'
import { assumedPace, readPace, writePace, type Pace } from '../../../src/host/pace.js'

function settings(change: SettingsInput = {}, preset: PresetName = 'quick'): Settings {
  return parseSettings(mergeSettings(presets[preset].settings as unknown as SettingsInput, change), 'test')
}

function minutesOf(made: Forecast, stage: string): number {
  return made.stages.find((one) => one.stage === stage)?.minutes ?? NaN
}

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'forecast-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('forecast', () => {
  it('goes by the pace that it is given', () => {
    const of = (secondsPerLayerRun: number, secondsPerMultiplyAdd: number): Forecast =>
      forecast(settings(), 'run', { secondsPerLayerRun, secondsPerMultiplyAdd })
    // No pictures are judged in pretraining: its time is linear in both paces.
    const one = minutesOf(of(1e-3, 0), 'pretrain')
    const other = minutesOf(of(0, 1e-10), 'pretrain')
    expect(minutesOf(of(4e-3, 0), 'pretrain')).toBeCloseTo(4 * one)
    expect(minutesOf(of(4e-3, 3e-10), 'pretrain')).toBeCloseTo(4 * one + 3 * other)
    expect(of(1e-3, 0).basis).toBe('measured')
    expect(forecast(settings(), 'run').basis).toBe('assumed')
  })

  it('sums its stages, and says of every preset about what its description promises', () => {
    const minutes = (preset: PresetName): number => {
      const made = forecast(settings({}, preset), 'run')
      expect(made.stages.reduce((sum, stage) => sum + stage.minutes, 0)).toBeCloseTo(made.minutes)
      return made.minutes
    }
    expect(minutes('tiny')).toBeLessThan(1)
    expect(minutes('quick')).toBeGreaterThan(1)
    expect(minutes('quick')).toBeLessThan(15)
    expect(minutes('paper')).toBeGreaterThan(2 * 24 * 60)
  })

  it("gives the hand-made network the student's time, and a given network its own", () => {
    const made = forecast(settings({ train: { studentSteps: 100_000 } }), 'run')
    expect(minutesOf(made, 'train-handmade') / minutesOf(made, 'train-student')).toBeCloseTo(1, 3)
    const steps = forecast(settings({ train: { studentSteps: 1000, handmadeSteps: 100 } }), 'run')
    expect(minutesOf(steps, 'train-handmade') / minutesOf(steps, 'train-plain')).toBeCloseTo(0.1)
  })

  it('needs more memory for larger crops, and for larger images to judge', () => {
    const memory = (change: SettingsInput): number => forecast(settings(change), 'run').memoryBytes
    const small = memory({})
    const crops = memory({ data: { cropHeight: 192, cropWidth: 384 } })
    expect(crops).toBeGreaterThan(small)
    expect(memory({ data: { height: 1024, width: 2048 } })).toBeGreaterThan(crops)
  })

  it('needs more memory where passes run side by side, and less where parts of a batch take turns', () => {
    const memory = (change: SettingsInput): number => forecast(settings(change), 'run').memoryBytes
    expect(memory({ run: { passWorkers: 2 } })).toBeGreaterThan(memory({ run: { passWorkers: 1 } }))
    expect(memory({ run: { passWorkers: 9 } })).toBe(memory({ run: { passWorkers: 4 } }))
    const trained = (batchParts: number): number => memory({ train: { batch: 32, batchParts }, run: { passWorkers: 2 } })
    expect(trained(8)).toBeLessThan(trained(2))
    expect(trained(2)).toBe(trained(1))
  })
})

describe('pace.json', () => {
  const pace: Pace = { secondsPerLayerRun: 2e-3, secondsPerMultiplyAdd: 3e-11 }

  it('is read as it was written', () => {
    expect(readPace(folder)).toBeUndefined()
    writePace(folder, pace)
    expect(readPace(folder)).toEqual(pace)
  })

  it.each([
    ['the old format', '{ "multiplyAddsPerSecond": 3e9, "secondsPerStep": 0.05 }'],
    ['another version', '{ "version": 3, "secondsPerLayerRun": 0.002, "secondsPerMultiplyAdd": 3e-11 }'],
    ['a pace of nothing', '{ "version": 2, "secondsPerLayerRun": 0, "secondsPerMultiplyAdd": 3e-11 }'],
    ['half of it', '{ "version": 2, "secondsPerLayerRun": 0.002 }'],
    ['no JSON', '{ "version": 2, ']
  ])('is no pace when it is %s', (_, text) => {
    writeFileSync(join(folder, 'pace.json'), text)
    expect(readPace(folder)).toBeUndefined()
  })
})

describe('the record', () => {
  /** A run whose stages take as long as `pace` says by its own forecast, in a machine that sends a pulse a step. */
  function played(name: string, given: Settings, pace: Pace, skipped: Stage[] = []): RunFolder {
    const run = RunFolder.create(join(folder, name), { name, job: 'run', settings: given })
    recordForecast(run, forecast(given, 'run', readPace(folder)))
    for (const { stage, steps, minutes } of forecast(given, 'run', pace).stages) {
      if (steps === 0 || skipped.some((one) => stage.startsWith(one))) continue
      const variant = /\((.*)\)/.exec(stage)?.[1]
      const stepSeconds = (minutes * 60) / steps
      for (let step = 1; step <= steps; step++) {
        const pulse: Pulse = {
          stage: stage.split(' ')[0] as Stage,
          ...(variant === undefined ? {} : { variant }),
          step,
          steps,
          elapsedSeconds: step * stepSeconds,
          stepSeconds,
          waitedSeconds: 0,
          remainingSeconds: null,
          residentBytes: 1e8 + step
        }
        run.appendPulse(pulse)
      }
    }
    return run
  }

  it('adds up the spells of work, and says at the end how wrong the forecast was', () => {
    const run = played('a', settings({}, 'tiny'), assumedPace)
    expect(settleForecast(run, folder, 1000, false)).toBeUndefined()
    expect(readPace(folder)).toBeUndefined()
    const record = settleForecast(run, folder, 2600, true)
    expect(record).toMatchObject({ workedSeconds: 3600, actual: { minutes: 60, peakBytes: 1e8 + 6 } })
    expect(record?.minutesRatio).toBeCloseTo(forecast(settings({}, 'tiny'), 'run').minutes / 60)
    expect(record?.memoryRatio).toBeCloseTo((record?.memoryBytes ?? 0) / (1e8 + 6))
    expect(JSON.parse(readFileSync(join(run.outputsPath, 'forecast.json'), 'utf8'))).toEqual(record)
  })

  it('learns: after a run on a machine three times as slow, the same run is forecast within a tenth of what it took', () => {
    const slow = { secondsPerLayerRun: 3 * assumedPace.secondsPerLayerRun, secondsPerMultiplyAdd: 3 * assumedPace.secondsPerMultiplyAdd }
    settleForecast(played('a', settings(), slow), folder, 1, true)
    const ratio = forecast(settings(), 'run', readPace(folder)).minutes / forecast(settings(), 'run', slow).minutes
    expect(Math.abs(ratio - 1)).toBeLessThan(0.1)
  })

  it('is not led astray by a tiny run: where kernels are slow and the arithmetic is not, a large run is forecast within a third', () => {
    const slowCalls = { ...assumedPace, secondsPerLayerRun: 6 * assumedPace.secondsPerLayerRun }
    settleForecast(played('tiny', settings({}, 'tiny'), slowCalls), folder, 1, true)
    const large = settings({ data: { cropHeight: 512, cropWidth: 1024 } })
    const ratio = forecast(large, 'run', readPace(folder)).minutes / forecast(large, 'run', slowCalls).minutes
    expect(ratio).toBeGreaterThan(2 / 3)
    expect(ratio).toBeLessThan(3 / 2)
  })

  it('takes the architectures that were derived, where they are there', () => {
    const given = settings({ data: { cropHeight: 512, cropWidth: 1024 } })
    const all: Stage[] = ['pretrain', 'search', 'train-teacher', 'train-plain', 'train-handmade']
    settleForecast(played('guessed', given, assumedPace, all), folder, 1, true)
    const guessed = readPace(folder)?.secondsPerMultiplyAdd ?? NaN
    rmSync(join(folder, 'pace.json'))
    const run = played('derived', given, assumedPace, all)
    const path = join(run.outputsPath, 'networks', 'student', 'architecture.json')
    mkdirSync(dirname(path), { recursive: true })
    // Half as deep as what is guessed, in the same time: a slower machine.
    const cells = [{ layer: 0, operator: 'conv', scale: 8, downsample: false, width: 9 }]
    const branches = [{ finalScale: 8, cells }]
    const architecture = { version: 1, name: 'student', classes: 11, baseWidth: 4, stemWidth: 9, branches, sharedLayers: 0, notes: [] }
    writeFileSync(path, JSON.stringify(architecture))
    settleForecast(run, folder, 1, true)
    expect(guessed).toBeCloseTo(assumedPace.secondsPerMultiplyAdd, 12)
    expect(readPace(folder)?.secondsPerMultiplyAdd).toBeGreaterThan(1.05 * guessed)
  })

  it('learns nothing of a run without steps', () => {
    const run = played('a', settings(), assumedPace, [
      'pretrain',
      'search',
      'train-teacher',
      'train-student',
      'train-plain',
      'train-handmade'
    ])
    expect(settleForecast(run, folder, 60, true)).toMatchObject({ actual: { minutes: 1, peakBytes: 0 }, memoryRatio: null })
    expect(readPace(folder)).toBeUndefined()
  })
})
