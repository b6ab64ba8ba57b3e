import { describe, expect, test } from 'vitest'
import { DataWait } from '../../../src/headless/dataWait.js'
import type { Pulse } from '../../../src/shared/events.js'

const pulse = (stage: Pulse['stage'], elapsedSeconds: number, waitedSeconds: number, variant?: string): Pulse => ({
  stage, step: 1, steps: 2, elapsedSeconds, waitedSeconds, stepSeconds: 1, remainingSeconds: null, residentBytes: 1, ...(variant ? { variant } : {})
})

describe('the wait for data', () => {
  test('adds up the last pulse of every stage', () => {
    const wait = new DataWait()
    expect(wait.text()).toBeUndefined()
    for (const said of [pulse('search', 10, 1, 'joint'), pulse('search', 20, 1.5, 'joint'), pulse('search', 20, 0, 'decoupled'), pulse('train-student', 60, 1)]) wait.hear(said)
    expect(wait.text()).toBe('Steps waited 2.5 s for data, 2.5 % of the 100 s that they took.')
  })
})
