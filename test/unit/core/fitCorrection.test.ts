/** A correction that is known is found again, and everything that reads a table goes by it. */
import { describe, expect, it } from 'vitest'
import { correctionRow, fitCorrection } from '../../../src/core/latency/fitCorrection.js'
import { expectedLatency } from '../../../src/core/latency/expectedLatency.js'
import { branchPairs, latencyCosts } from '../../../src/core/latency/latencyCosts.js'
import { partFeatures } from '../../../src/core/latency/partFeatures.js'
import { randomNetworks } from '../../../src/core/latency/randomNetworks.js'
import { tableLatencyMs } from '../../../src/core/latency/tableLatency.js'
import { randomStream } from '../../../src/core/random.js'
import type { LatencyCorrection } from '../../../src/shared/latencyTable.js'
import { networkMilliseconds } from '../../../src/renderer/lattice/networkMilliseconds.js'
import { randomLogits, randomTable } from './randomTable.js'

const space = { layers: 6, baseWidth: 6, widths: [4, 8, 12], studentStemWidth: 8, classes: 5 }
const table = randomTable(space, 1)
const fitted = {
  networks: 1, seed: 1, rounds: 1, ridge: 0, medianErrorBefore: 0, medianErrorAfter: 0, medianErrorLeftOut: 0, worstErrorAfter: 0
}
const truth: LatencyCorrection = {
  version: 1, factors: { fixed: 0.8, plain: 0.9, zoomed: 1.3, join: 1.1 }, perLayerMs: 0.02, perMegaweightMs: 0.5, perMegavalueMs: 0.3, fitted
}
const asMeasured = (noise: number) => {
  const random = randomStream(5, 'noise')
  return (stream: string, count: number) => randomNetworks(space, { count, seed: 2, stream }).map((architecture) => (
    { architecture, latencyMs: tableLatencyMs(architecture, { ...table, correction: truth }) * (1 + noise * random.normal()) }
  ))
}

describe('fitCorrection', () => {
  it('predicts networks that it has not seen, where the truth is such a correction', () => {
    const correction = fitCorrection(table, asMeasured(0)('fit', 60), { seed: 2, rounds: 3 })
    expect(correction.fitted).toMatchObject({ networks: 60, seed: 2, rounds: 3, ridge: 1e-4 })
    expect(correction.fitted.medianErrorBefore).toBeGreaterThan(0.02)
    expect(correction.fitted.medianErrorAfter).toBeLessThan(1e-3)
    for (const { architecture, latencyMs } of asMeasured(0)('unseen', 20)) {
      expect(tableLatencyMs(architecture, { ...table, correction }) / latencyMs).toBeCloseTo(1, 2)
    }
  })

  it('stands noise: what it learns is better than the plain sum on networks left out', () => {
    const { fitted: found } = fitCorrection(table, asMeasured(0.04)('fit', 40), { seed: 2, rounds: 3 })
    expect(found.medianErrorLeftOut).toBeLessThan(0.05)
    expect(found.medianErrorLeftOut).toBeLessThan(found.medianErrorBefore)
    expect(found.worstErrorAfter).toBeGreaterThan(found.medianErrorAfter)
  })

  it('reads the plain table also where there is a correction already, and asks for enough networks', () => {
    const measured = asMeasured(0)('fit', 20)
    expect(fitCorrection({ ...table, correction: truth }, measured, { seed: 2, rounds: 3 })).toEqual(fitCorrection(table, measured, { seed: 2, rounds: 3 }))
    expect(() => fitCorrection(table, measured.slice(0, 4), { seed: 2, rounds: 3 })).toThrow('at least 5')
  })
})

describe('a corrected table', () => {
  const corrected = { ...table, correction: truth }
  const networks = randomNetworks(space, { count: 10, seed: 4, stream: 'shown' })

  it('predicts the correction times what it reads', () => {
    const { factors, perLayerMs, perMegaweightMs, perMegavalueMs } = truth
    const weights = [factors.fixed, factors.plain, factors.zoomed, factors.join, perLayerMs, perMegaweightMs, perMegavalueMs]
    for (const network of networks) {
      const expected = correctionRow(network, table).reduce((sum, value, column) => sum + value * weights[column], 0)
      expect(tableLatencyMs(network, corrected)).toBeCloseTo(expected, 9)
      expect(tableLatencyMs(network, corrected)).not.toBeCloseTo(tableLatencyMs(network, table), 2)
    }
  })

  it('changes nothing where every factor is 1 and nothing is added', () => {
    const none: LatencyCorrection = { ...truth, factors: { fixed: 1, plain: 1, zoomed: 1, join: 1 }, perLayerMs: 0, perMegaweightMs: 0, perMegavalueMs: 0 }
    for (const network of networks) expect(tableLatencyMs(network, { ...table, correction: none })).toBe(tableLatencyMs(network, table))
  })

  it('is what the page shows', () => {
    for (const network of networks) {
      expect(networkMilliseconds(network, corrected)?.totalMs).toBeCloseTo(tableLatencyMs(network, corrected), 9)
    }
  })

  it('is what the search pays: its expected latency is linear in the same numbers', () => {
    const logits = randomLogits(6, 3, 7)
    const msWith = (correction: LatencyCorrection): number => expectedLatency(latencyCosts(space, { ...table, correction }, 'student'), logits, branchPairs).latencyMs
    const only = (change: Partial<LatencyCorrection>): LatencyCorrection => (
      { ...truth, factors: { fixed: 0, plain: 0, zoomed: 0, join: 0 }, perLayerMs: 0, perMegaweightMs: 0, perMegavalueMs: 0, ...change }
    )
    const factorAlone = (group: keyof LatencyCorrection['factors']): number => msWith(only({ factors: { fixed: 0, plain: 0, zoomed: 0, join: 0, [group]: 1 } }))
    const sum = 0.8 * factorAlone('fixed') + 0.9 * factorAlone('plain') + 1.3 * factorAlone('zoomed') + 1.1 * factorAlone('join') +
      0.02 * msWith(only({ perLayerMs: 1 })) + 0.5 * msWith(only({ perMegaweightMs: 1 })) + 0.3 * msWith(only({ perMegavalueMs: 1 }))
    expect(msWith(truth)).toBeCloseTo(sum, 9)
    expect(factorAlone('plain')).toBeGreaterThan(0.1)
  })
})

describe('partFeatures', () => {
  it('counts layers, weights and numbers of a part worked out by hand', () => {
    // Shrink, convolve (6 * 10 * 9 weights, 2 * 10 of the norm), grow, ReLU: 4 layers.
    const zoomed = partFeatures({ part: 'conv_downup', height: 8, width: 8, inChannels: 6, outChannels: 10, stride: 1 })
    expect(zoomed.group).toBe('zoomed')
    expect(zoomed.layers).toBe(4)
    expect(zoomed.megaweights * 1e6).toBeCloseTo(560, 6)
    expect(zoomed.megavalues * 1e6).toBeCloseTo(16 * 6 + 16 * 10 + 64 * 10 + 64 * 10, 6)
  })

  it('tells a fusion from a way back, and the last resize from the others', () => {
    const map = { height: 8, width: 8, stride: 1 }
    expect(partFeatures({ part: 'conv1x1', ...map, inChannels: 64, outChannels: 64 }).group).toBe('fixed')
    expect(partFeatures({ part: 'conv1x1', ...map, inChannels: 64, outChannels: 32 }).group).toBe('join')
    expect(partFeatures({ part: 'resize', ...map, stride: 8, inChannels: 5, outChannels: 5 }).group).toBe('fixed')
    expect(partFeatures({ part: 'resize', ...map, stride: 2, inChannels: 5, outChannels: 5 }).group).toBe('join')
    expect(partFeatures({ part: 'stem', ...map, stride: 8, inChannels: 3, outChannels: 32 })).toEqual({ group: 'fixed', layers: 0, megaweights: 0, megavalues: 0 })
  })
})
