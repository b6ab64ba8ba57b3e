import { describe, expect, test } from 'vitest'
import { candidateRounds } from '../../../src/core/candidateRounds.js'

describe('rounds of candidates', () => {
  test('generations of new ones, then a third goes on with three times the steps, until one is left', () => {
    expect(candidateRounds({ candidates: 10, candidateGenerations: 2, candidateSteps: 200, candidateRounds: 8 })).toEqual([
      { count: 10, steps: 200, fresh: true, survivors: 4 },
      { count: 10, steps: 200, fresh: true, survivors: 4 },
      { count: 4, steps: 600, fresh: false, survivors: 2 },
      { count: 2, steps: 1800, fresh: false, survivors: 1 }
    ])
  })

  test('one round leaves one; a single candidate is not compared', () => {
    expect(candidateRounds({ candidates: 9, candidateGenerations: 1, candidateSteps: 100, candidateRounds: 1 })).toEqual([
      { count: 9, steps: 100, fresh: true, survivors: 1 }
    ])
    expect(candidateRounds({ candidates: 1, candidateGenerations: 3, candidateSteps: 100, candidateRounds: 3 })).toEqual([])
  })
})
