/** What the clock said of the stages of a run, over all the processes that worked on it. */
import { existsSync, readFileSync } from 'node:fs'
import type { Pulse } from '../shared/events.js'
import { stageName } from './stageWork.js'

/** Steps of a stage whose time is known, and that time. The first step of every process, which warms up, is not among them. */
export interface StageTime {
  steps: number
  seconds: number
}

/** Between two pulses lie the step of the later one, at most a second of others and a checkpoint; what is more was a pause. */
const mostBesideTheStep = 6

export class StageTimes {
  private readonly times = new Map<string, StageTime>()
  private last: Pulse | undefined

  constructor(pulses: readonly Pulse[] = []) {
    for (const pulse of pulses) this.add(pulse)
  }

  /** Pulses in the order in which they were sent. */
  add(pulse: Pulse): void {
    const { last } = this
    this.last = pulse
    const name = stageName(pulse)
    if (last === undefined || stageName(last) !== name) return
    const steps = pulse.step - last.step
    const passed = pulse.elapsedSeconds - last.elapsedSeconds
    // Either goes back where a process ended and another one went on from a checkpoint.
    if (steps <= 0 || passed <= 0) return
    const before = this.of(name)
    const seconds = Math.min(passed, pulse.stepSeconds + mostBesideTheStep)
    this.times.set(name, { steps: before.steps + steps, seconds: before.seconds + seconds })
  }

  /** By the name that `stageName` gives; nothing timed is 0 steps. */
  of(name: string): StageTime {
    return this.times.get(name) ?? { steps: 0, seconds: 0 }
  }
}

/** The pulses of a run's side file; none where there is no file. */
export function readPulses(path: string): Pulse[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as Pulse]
      } catch {
        // The last line of a killed process may be torn.
        return []
      }
    })
}
