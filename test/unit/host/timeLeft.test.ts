import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseSettings } from '../../../src/shared/config/parseSettings.js'
import type { Pulse, Stage } from '../../../src/shared/events.js'
import type { WorkerMessage } from '../../../src/shared/protocol.js'
import { RunFolder } from '../../../src/storage/runFolder.js'
import { forecast, type StageForecast } from '../../../src/host/forecast.js'
import { recordForecast } from '../../../src/host/forecastRecord.js'
import { secondsLeft } from '../../../src/host/secondsLeft.js'
import { readPulses, StageTimes } from '../../../src/host/stageTimes.js'
import { timeLeft } from '../../../src/host/timeLeft.js'

function pulse(stage: Stage, step: number, elapsedSeconds: number, change: Partial<Pulse> = {}): Pulse {
  return { stage, step, steps: 10, elapsedSeconds, stepSeconds: 1, waitedSeconds: 0, remainingSeconds: null, residentBytes: 1, ...change }
}

describe('StageTimes', () => {
  const timed = (pulses: Pulse[], name = 'pretrain'): unknown => new StageTimes(pulses).of(name)

  it('takes the steps between two pulses and what they took', () => {
    expect(timed([])).toEqual({ steps: 0, seconds: 0 })
    expect(timed([pulse('pretrain', 1, 9)])).toEqual({ steps: 0, seconds: 0 })
    expect(timed([pulse('pretrain', 1, 9), pulse('pretrain', 3, 13), pulse('pretrain', 4, 15)])).toEqual({ steps: 3, seconds: 6 })
  })

  it('adds up what several processes did, also of steps that were done twice', () => {
    const first = [pulse('pretrain', 1, 2), pulse('pretrain', 5, 6)]
    const second = [pulse('pretrain', 4, 1), pulse('pretrain', 7, 4)]
    expect(timed([...first, ...second])).toEqual({ steps: 7, seconds: 7 })
    // A process that died early: the next one is later by its own clock, but not in steps.
    expect(timed([pulse('pretrain', 3, 1), pulse('pretrain', 2, 3), pulse('pretrain', 3, 4)])).toEqual({ steps: 1, seconds: 1 })
  })

  it('keeps stages and variants apart', () => {
    const joint = { variant: 'joint' }
    const pulses = [
      pulse('pretrain', 9, 5),
      pulse('search', 1, 2),
      pulse('search', 2, 4),
      pulse('search', 3, 7, joint),
      pulse('search', 4, 10, joint)
    ]
    expect(timed(pulses, 'search')).toEqual({ steps: 1, seconds: 2 })
    expect(timed(pulses, 'search (joint)')).toEqual({ steps: 1, seconds: 3 })
  })

  it('does not count a pause', () => {
    expect(timed([pulse('pretrain', 1, 1), pulse('pretrain', 2, 3602, { stepSeconds: 4 })])).toEqual({ steps: 1, seconds: 10 })
    // A step that ends an epoch and judges images is long by itself.
    expect(timed([pulse('pretrain', 1, 1), pulse('pretrain', 2, 401, { stepSeconds: 400 })])).toEqual({ steps: 1, seconds: 400 })
  })
})

describe('secondsLeft', () => {
  const plan: StageForecast[] = [
    { stage: 'dataset', steps: 0, minutes: 1 },
    { stage: 'pretrain', steps: 1000, minutes: 20 },
    { stage: 'search (joint)', steps: 1000, minutes: 40 },
    { stage: 'evaluate', steps: 0, minutes: 10 }
  ]
  const steps = { steps: 1000 }

  it('is the forecast of what is not done, before anything is timed', () => {
    const first = pulse('pretrain', 1, 5, steps)
    expect(secondsLeft(plan, first, new StageTimes([first]))).toBeCloseTo((20 * 60 * 999) / 1000 + 50 * 60)
  })

  it('goes by the pace of the stage, and takes the others to be as wrong as this one', () => {
    // Forecast: 1.2 s a step. True: 3.6 s.
    const first = pulse('pretrain', 1, 5, steps)
    const later = pulse('pretrain', 501, 5 + 500 * 3.6, { ...steps, stepSeconds: 1800 })
    const seconds = secondsLeft(plan, later, new StageTimes([first, later])) ?? NaN
    const truth = 499 * 3.6 + 3 * 50 * 60
    expect(seconds / truth).toBeGreaterThan(0.95)
    expect(seconds / truth).toBeLessThan(1)
  })

  it('remembers in a later stage how wrong it was in an earlier one', () => {
    const pretrained = [pulse('pretrain', 1, 1, steps), pulse('pretrain', 1000, 601, { ...steps, stepSeconds: 600 })]
    const joint = pulse('search', 1, 3, { ...steps, variant: 'joint' })
    // Twice as fast as forecast; nothing of the search is timed yet.
    const seconds = secondsLeft(plan, joint, new StageTimes([...pretrained, joint])) ?? NaN
    const truth = (40 * 60 * 0.999 + 600) / 2
    expect(seconds / truth).toBeGreaterThan(1)
    expect(seconds / truth).toBeLessThan(1.05)
  })

  it('takes the number of steps from the stage, which may know better', () => {
    const handmade: StageForecast[] = [{ stage: 'train-handmade', steps: 300, minutes: 10 }]
    const half = pulse('train-handmade', 300, 0, { steps: 600 })
    expect(secondsLeft(handmade, half, new StageTimes([half]))).toBeCloseTo(300)
  })

  it('is 0 at the end, and unknown of a stage that was not planned', () => {
    const last = pulse('train-student', 10, 9)
    expect(secondsLeft([{ stage: 'train-student', steps: 10, minutes: 1 }], last, new StageTimes([last]))).toBe(0)
    expect(secondsLeft(plan, pulse('train-plain', 1, 1), new StageTimes())).toBeNull()
    expect(secondsLeft(plan, pulse('search', 1, 1, { variant: 'decoupled' }), new StageTimes())).toBeNull()
  })
})

describe('timeLeft', () => {
  let folder = ''
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'left-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const settings = parseSettings({ data: { source: 'streets' } }, 'test')
  const made = forecast(settings, 'run')
  const create = (): RunFolder => RunFolder.create(join(folder, 'a'), { name: 'a', job: 'run', settings })
  const send = (fill: (message: WorkerMessage) => WorkerMessage, sent: Pulse): number | null => {
    const message = fill({ message: 'pulse', pulse: sent })
    return message.message === 'pulse' ? message.pulse.remainingSeconds : NaN
  }
  const { steps } = made.stages.find(({ stage }) => stage === 'train-teacher') ?? { steps: NaN }
  const first = pulse('train-teacher', 1, 1, { steps, remainingSeconds: 7 })

  it('fills the time left of the whole run into pulses, and nothing into what is no pulse', () => {
    const run = create()
    recordForecast(run, made)
    const fill = timeLeft(run)
    expect(send(fill, first)).toBe(secondsLeft(made.stages, first, new StageTimes([first])))
    const second = pulse('train-teacher', 2, 900, { steps, stepSeconds: 899 })
    expect(send(fill, second)).toBe(secondsLeft(made.stages, second, new StageTimes([first, second])))
    const notice: WorkerMessage = { message: 'notice', text: 'It rains.' }
    expect(fill(notice)).toBe(notice)
  })

  it('knows of a resumed run what was timed before, past a line that was torn', () => {
    const run = create()
    recordForecast(run, made)
    run.appendPulse(first)
    run.appendPulse(pulse('train-teacher', 2, 900, { steps, stepSeconds: 899 }))
    appendFileSync(run.pulsePath, '{"stage":"train-te')
    expect(readPulses(run.pulsePath)).toHaveLength(2)
    const resumed = pulse('train-teacher', 3, 2, { steps })
    const told = send(timeLeft(run), resumed)
    expect(told).toBe(secondsLeft(made.stages, resumed, new StageTimes([...readPulses(run.pulsePath), resumed])))
    expect(told).toBeGreaterThan(secondsLeft(made.stages, resumed, new StageTimes([resumed])) ?? NaN)
  })

  it('leaves what the engine said where there is no forecast, or none of this stage', () => {
    const run = create()
    expect(send(timeLeft(run), first)).toBe(7)
    recordForecast(run, { ...made, stages: [] })
    expect(send(timeLeft(run), first)).toBe(7)
  })
})
