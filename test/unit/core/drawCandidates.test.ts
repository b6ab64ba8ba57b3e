import { describe, expect, test } from 'vitest'
import { deriveArchitecture } from '../../../src/core/derive.js'
import { drawCandidates, type DrawCandidatesOptions } from '../../../src/core/drawCandidates.js'
import { tableLatencyMs } from '../../../src/core/latency/tableLatency.js'
import type { Architecture, SearchSpace } from '../../../src/shared/architecture.js'
import { randomLogits, randomTable } from './randomTable.js'

const space: SearchSpace = { layers: 6, baseWidth: 4, widths: [4, 8, 12], studentStemWidth: 8, classes: 5 }
const table = randomTable(space, 2)
const latencyMs = (architecture: Architecture): number => tableLatencyMs(architecture, table)

function draw(change: Partial<DrawCandidatesOptions> = {}): Architecture[] {
  return drawCandidates({
    space, logits: randomLogits(6, 3, 4), pairs: [[16, 32], [8, 32], [8, 16]], count: 6, seed: 1, known: [], stemWidth: 8, name: 'student',
    latencyMs, latencyWindow: { leastMs: 0, mostMs: Infinity }, ...change
  })
}

describe('drawn candidates', () => {
  test('are a function of seed and logits, all different, the pairs in turn', () => {
    const first = draw()
    expect(first).toEqual(draw())
    expect(first).not.toEqual(draw({ seed: 2 }))
    expect(new Set(first.map(({ branches }) => JSON.stringify(branches))).size).toBe(6)
    const pairs = first.map(({ branches }) => branches.map(({ finalScale }) => finalScale).sort((a, b) => a - b).join())
    expect(pairs).toEqual(['16,32', '8,32', '8,16', '16,32', '8,32', '8,16'])
  })

  test('lie in the window where the space allows it, and as near as they can be had where it does not', () => {
    const pairs = [[8, 16]] as const
    const all = draw({ pairs, count: 40 }).map(latencyMs).sort((a, b) => a - b)
    const latencyWindow = { leastMs: all[15], mostMs: all[25] }
    const inside = draw({ pairs, latencyWindow }).map(latencyMs)
    expect(Math.min(...inside)).toBeGreaterThanOrEqual(latencyWindow.leastMs)
    expect(Math.max(...inside)).toBeLessThanOrEqual(latencyWindow.mostMs)
    const tooFast = draw({ pairs, latencyWindow: { leastMs: 0, mostMs: 0 } }).map(latencyMs)
    expect(tooFast).toHaveLength(6)
    expect(Math.max(...tooFast)).toBeLessThan(all[20])
    const tooSlow = draw({ pairs, latencyWindow: { leastMs: 1e6, mostMs: Infinity } }).map(latencyMs)
    expect(Math.min(...tooSlow)).toBeGreaterThan(all[20])
  })

  test('where the search is sure there is nothing else to draw', () => {
    const logits = randomLogits(6, 3, 4)
    const sure = (tables: number[][][]) => tables.map((rows) => rows.map((row) => row.map((value) => (value === Math.max(...row) ? 1000 : -1000))))
    // No skip is the likeliest: one that cannot be dropped is replaced by the next best, which the noise would choose.
    const withoutSkip = logits.alpha.map((rows) => rows.map(([, ...others]) => [-9, ...others]))
    const decided = { alpha: sure(withoutSkip), beta: sure(logits.beta), gamma: sure(logits.gamma) }
    const likeliest = deriveArchitecture(space, decided, { rules: 'ours', forbidSkip: false, stemWidth: 8, name: 'student', finalScales: [16, 32] })
    expect(draw({ logits: decided, pairs: [[16, 32]], count: 3 })).toEqual([likeliest])
    expect(draw({ logits: decided, pairs: [[16, 32]], count: 3, known: [likeliest] })).toEqual([])
  })
})
