import { describe, expect, test } from 'vitest'
import { drawCandidates, type Candidate } from '../../../src/core/drawCandidates.js'
import { tableLatencyMs } from '../../../src/core/latency/tableLatency.js'
import { parseArchitecture } from '../../../src/core/parseArchitecture.js'
import { plainCandidates } from '../../../src/core/plainCandidates.js'
import type { Architecture, SearchSpace } from '../../../src/shared/architecture.js'
import { randomTable } from './randomTable.js'

const pairs: Candidate['pair'][] = [[16, 32], [8, 32], [8, 16]]
const space: SearchSpace = { layers: 8, baseWidth: 4, widths: [4, 8, 12], studentStemWidth: 8, classes: 5 }

function plain(of: SearchSpace, targetLatencyMs: number, latencyWindow = { leastMs: targetLatencyMs, mostMs: targetLatencyMs }, sets = pairs): Candidate[] {
  const table = randomTable(of, 2)
  const latencyMs = (architecture: Architecture): number => tableLatencyMs(architecture, table)
  return plainCandidates({ space: of, pairs: sets, stemWidth: 8, name: 'student', latencyMs, targetLatencyMs, latencyWindow })
}

describe('plain candidates', () => {
  test.each([4, 5, 6, 8, 16])('in a space of %i layers: at most two a pair, nothing but 3x3 convolutions of one width, and sound', (layers) => {
    const candidates = plain({ ...space, layers }, 20, { leastMs: 10, mostMs: 40 })
    const scales = candidates.map(({ architecture }) => architecture.branches.map(({ finalScale }) => finalScale).join())
    expect(scales.slice(0, 3)).toEqual(['32,16', '32,8', '16,8'])
    for (const pair of new Set(scales)) expect(scales.filter((other) => other === pair).length).toBeLessThanOrEqual(2)
    expect(new Set(candidates.map(({ architecture }) => JSON.stringify(architecture.branches))).size).toBe(candidates.length)
    for (const { architecture } of candidates) {
      expect(parseArchitecture(JSON.stringify(architecture), 'student')).toEqual(architecture)
      for (const { cells } of architecture.branches) {
        expect(new Set(cells.map(({ operator }) => operator))).toEqual(new Set(['conv']))
        expect(new Set(cells.slice(0, -1).map(({ width }) => width)).size).toBeLessThanOrEqual(1)
      }
    }
  })

  test('of each pair the one that goes down first, then the one that goes down last', () => {
    const [first, last] = [0, 3].map((place) => plain(space, 20, { leastMs: 0, mostMs: Infinity })[place].architecture.branches[0].cells)
    const halvings = (cells: typeof first): number[] => cells.filter(({ downsample }) => downsample).map(({ layer }) => layer)
    expect(halvings(first)).toEqual([0, 1])
    expect(halvings(last)).toEqual([2, 5])
  })

  test('one, and three branches', () => {
    const sets: Candidate['pair'][] = [[8], [16], [32], [8, 16, 32]]
    const candidates = plain(space, 20, undefined, sets)
    expect(candidates.map(({ architecture }) => architecture.branches.map(({ finalScale }) => finalScale))).toEqual([[8], [16], [32], [32, 16, 8]])
    for (const { architecture } of candidates) {
      expect(parseArchitecture(JSON.stringify(architecture), 'student')).toEqual(architecture)
      for (const { operator } of architecture.branches.flatMap(({ cells }) => cells)) expect(operator).toBe('conv')
    }
  })

  test('a larger budget buys a slower network, within what the space has', () => {
    const table = randomTable(space, 2)
    const latencies = [1, 15, 20, 1e6].map((target) => plain(space, target).map(({ architecture }) => tableLatencyMs(architecture, table)))
    latencies[0].forEach((_, pair) => {
      const ofPair = latencies.map((row) => row[pair])
      expect(ofPair).toEqual([...ofPair].sort((a, b) => a - b))
      expect(ofPair[0]).toBeLessThan(ofPair[3])
    })
  })

  test('the widest that is in the window comes before a nearer one', () => {
    const table = randomTable(space, 2)
    const msOf = (candidates: Candidate[]): number[] => candidates.map(({ architecture }) => tableLatencyMs(architecture, table))
    const widest = (candidates: Candidate[]): number[] => candidates.map(({ architecture }) => architecture.branches[0].cells[0].width)
    expect(new Set(widest(plain(space, 1, { leastMs: 0, mostMs: Infinity })))).toEqual(new Set([12]))
    const fastest = msOf(plain(space, 1))
    const mostMs = Math.min(...fastest) + 1
    const ofFastest = fastest.indexOf(mostMs - 1)
    expect(msOf(plain(space, 1, { leastMs: 0, mostMs: Infinity }))[ofFastest]).toBeGreaterThan(mostMs)
    expect(msOf(plain(space, 1, { leastMs: 0, mostMs }))[ofFastest]).toBeLessThanOrEqual(mostMs)
  })

  test('candidates drawn around one keep most of its cells and change some', () => {
    const origins = plain(space, 20)
    const drawn = drawCandidates({
      space, origins: [origins[1]], noise: 0.25, count: 20, seed: 1, stream: 'test', known: [], stemWidth: 8, name: 'student',
      latencyMs: () => 1, latencyWindow: { leastMs: 0, mostMs: Infinity }
    })
    const cells = drawn.flatMap(({ architecture }) => architecture.branches.flatMap((branch) => branch.cells))
    const plainShare = cells.filter(({ operator }) => operator === 'conv').length / cells.length
    expect(plainShare).toBeGreaterThan(0.6)
    expect(plainShare).toBeLessThan(0.95)
  })
})
