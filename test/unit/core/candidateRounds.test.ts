import { describe, expect, test } from 'vitest'
import { candidateRounds, survivors } from '../../../src/core/candidateRounds.js'

describe('rounds of candidates', () => {
  test('a third goes on, with three times the steps, until one is left', () => {
    expect(candidateRounds({ candidates: 10, candidateSteps: 200, candidateRounds: 8 })).toEqual([
      { count: 10, steps: 200 },
      { count: 4, steps: 600 },
      { count: 2, steps: 1800 }
    ])
    expect(candidateRounds({ candidates: 9, candidateSteps: 100, candidateRounds: 1 })).toEqual([{ count: 9, steps: 100 }])
    expect(candidateRounds({ candidates: 1, candidateSteps: 100, candidateRounds: 3 })).toEqual([])
  })

  test('after the last round one is left', () => {
    const rounds = candidateRounds({ candidates: 9, candidateSteps: 100, candidateRounds: 2 })
    expect([0, 1].map((round) => survivors(rounds, round))).toEqual([3, 1])
  })
})
