import { describe, expect, it } from 'vitest'
import { createRunControl, type SteeredControl } from '../../../src/engine/runControl.js'

class Steered {
  states: string[] = []
  saves = 0
  time = 0
  saveMs = 0
  control: SteeredControl

  constructor(checkpointSteps: number, checkpointSeconds: number) {
    this.control = createRunControl({
      checkpointSteps,
      checkpointSeconds,
      now: () => this.time,
      onState: (state) => this.states.push(state)
    })
  }

  save = (): void => {
    this.saves++
    this.time += this.saveMs
  }
}

function steer(checkpointSteps = 100, checkpointSeconds = 120): Steered {
  return new Steered(checkpointSteps, checkpointSeconds)
}

describe('createRunControl', () => {
  it('saves after so many steps', async () => {
    const steered = steer(3)
    for (let step = 0; step < 10; step++) expect(await steered.control.atStep(steered.save)).toBe('go-on')
    expect(steered.saves).toBe(3)
  })

  it('saves after so many seconds', async () => {
    const steered = steer(1000, 10)
    for (let step = 0; step < 35; step++) {
      steered.time += 1000
      await steered.control.atStep(steered.save)
    }
    expect(steered.saves).toBe(3)
  })

  it('saves slow checkpoints so seldom that they cost at most a hundredth of the time', async () => {
    const steered = steer(1, 1)
    steered.saveMs = 2000
    for (let step = 0; step < 1000; step++) {
      steered.time += 1000
      await steered.control.atStep(steered.save)
    }
    expect(steered.saves).toBeGreaterThan(1)
    expect((steered.saves * 2000) / steered.time).toBeLessThan(0.015)
  })

  it('saves and waits while paused, and goes on', async () => {
    const steered = steer()
    steered.control.pause()
    const step = steered.control.atStep(steered.save)
    let waited = true
    void step.then(() => (waited = false))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(waited).toBe(true)
    expect(steered.saves).toBe(1)
    expect(steered.states).toEqual(['paused'])
    steered.control.continue()
    expect(await step).toBe('go-on')
    expect(steered.states).toEqual(['paused', 'running'])
    expect(await steered.control.atStep(steered.save)).toBe('go-on')
    expect(steered.saves).toBe(1)
  })

  it('saves and says stop, also out of a pause, once for all', async () => {
    const steered = steer()
    steered.control.pause()
    const step = steered.control.atStep(steered.save)
    await new Promise((resolve) => setTimeout(resolve, 5))
    steered.control.stop()
    steered.control.stop()
    steered.control.pause()
    expect(await step).toBe('stop')
    expect(steered.control.stopRequested()).toBe(true)
    expect(steered.saves).toBe(1)
    expect(steered.states).toEqual(['paused', 'stopping'])
    expect(await steered.control.atStep(steered.save)).toBe('stop')
    expect(steered.saves).toBe(2)
  })

  it('hears what comes in during a step: the event loop turns at every step', async () => {
    const steered = steer()
    setImmediate(() => steered.control.stop())
    expect(await steered.control.atStep(steered.save)).toBe('stop')
  })

  it('does not swallow a checkpoint that fails', async () => {
    const steered = steer(1)
    await expect(steered.control.atStep(() => Promise.reject(new Error('disk')))).rejects.toThrow('disk')
  })
})
