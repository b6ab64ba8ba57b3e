import { describe, expect, test } from 'vitest'
import { deriveArchitecture } from '../../../src/core/derive.js'
import { drawCandidates, type Candidate, type DrawCandidatesOptions } from '../../../src/core/drawCandidates.js'
import { tableLatencyMs } from '../../../src/core/latency/tableLatency.js'
import type { Architecture, SearchSpace } from '../../../src/shared/architecture.js'
import { randomLogits, randomTable } from './randomTable.js'

const space: SearchSpace = { layers: 6, baseWidth: 4, widths: [4, 8, 12], studentStemWidth: 8, classes: 5 }
const table = randomTable(space, 2)
const latencyMs = (architecture: Architecture): number => tableLatencyMs(architecture, table)

const pairs: Candidate['pair'][] = [[16, 32], [8, 32], [8, 16]]

function candidates(change: Partial<DrawCandidatesOptions> = {}): Candidate[] {
  return drawCandidates({
    space, origins: origins(), noise: 1, count: 6, seed: 1, stream: 'test', known: [], stemWidth: 8, name: 'student',
    latencyMs, latencyWindow: { leastMs: 0, mostMs: Infinity }, ...change
  })
}

const origins = (logits = randomLogits(6, 3, 4), among = pairs): DrawCandidatesOptions['origins'] => among.map((pair) => ({ logits, pair }))
const draw = (change: Partial<DrawCandidatesOptions> = {}): Architecture[] => candidates(change).map(({ architecture }) => architecture)

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
    const only = { origins: origins(undefined, [[8, 16]]) }
    const all = draw({ ...only, count: 40 }).map(latencyMs).sort((a, b) => a - b)
    const latencyWindow = { leastMs: all[15], mostMs: all[25] }
    const inside = draw({ ...only, latencyWindow }).map(latencyMs)
    expect(Math.min(...inside)).toBeGreaterThanOrEqual(latencyWindow.leastMs)
    expect(Math.max(...inside)).toBeLessThanOrEqual(latencyWindow.mostMs)
    const tooFast = draw({ ...only, latencyWindow: { leastMs: 0, mostMs: 0 } }).map(latencyMs)
    expect(tooFast).toHaveLength(6)
    expect(Math.max(...tooFast)).toBeLessThan(all[20])
    const tooSlow = draw({ ...only, latencyWindow: { leastMs: 1e6, mostMs: Infinity } }).map(latencyMs)
    expect(Math.min(...tooSlow)).toBeGreaterThan(all[20])
  })

  test('with less noise they stay nearer to what they are drawn around', () => {
    const [parent] = candidates()
    const cells = ({ branches }: Architecture): string[] => branches.flatMap((branch) => branch.cells.map((cell) => JSON.stringify(cell)))
    const kept = (noise: number): number => {
      const children = draw({ origins: [parent], noise, count: 20, stream: 'children' })
      return children.flatMap(cells).filter((cell) => cells(parent.architecture).includes(cell)).length / children.flatMap(cells).length
    }
    expect(kept(0.25)).toBeGreaterThan(kept(1) + 0.1)
    expect(draw({ origins: [parent], noise: 0, count: 3 })).toEqual([parent.architecture])
  })

  test('where the search is sure there is nothing else to draw', () => {
    const logits = randomLogits(6, 3, 4)
    const sure = (tables: number[][][]) => tables.map((rows) => rows.map((row) => row.map((value) => (value === Math.max(...row) ? 1000 : -1000))))
    // No skip is the likeliest: one that cannot be dropped is replaced by the next best, which the noise would choose.
    const withoutSkip = logits.alpha.map((rows) => rows.map(([, ...others]) => [-9, ...others]))
    const decided = { alpha: sure(withoutSkip), beta: sure(logits.beta), gamma: sure(logits.gamma) }
    const likeliest = deriveArchitecture(space, decided, { rules: 'ours', forbidSkip: false, stemWidth: 8, name: 'student', finalScales: [16, 32] })
    expect(draw({ origins: origins(decided, [[16, 32]]), count: 3 })).toEqual([likeliest])
    expect(draw({ origins: origins(decided, [[16, 32]]), count: 3, known: [likeliest] })).toEqual([])
  })
})
