/** Where the published code and ours differ by plain arithmetic: one test a line of docs/published-and-ours.md that no other file shows. */
import { describe, expect, test } from 'vitest'
import { deriveArchitecture } from '../../../src/core/derive.js'
import { decoupledLatency } from '../../../src/core/latency/decoupledLatency.js'
import { architectureProbabilities, expectedLatency, gradientOfLogits } from '../../../src/core/latency/expectedLatency.js'
import { branchPairs, latencyCosts } from '../../../src/core/latency/latencyCosts.js'
import { tableLatencyMs } from '../../../src/core/latency/tableLatency.js'
import { importPublishedTable } from '../../../src/core/published/importPublishedTable.js'
import { publishedCosts } from '../../../src/core/published/publishedCosts.js'
import { publishedExpectation } from '../../../src/core/published/publishedExpectation.js'
import type { PublishedTable } from '../../../src/core/published/publishedTable.js'
import { latencyTerm } from '../../../src/engine/search/latencyTerm.js'
import type { ArchitectureLogits } from '../../../src/shared/architecture.js'
import type { LatencyTable } from '../../../src/shared/latencyTable.js'
import { publishedSpace, publishedTable } from './publishedStudent.js'
import { randomLogits } from './randomTable.js'

const ours = importPublishedTable(publishedTable)
const logits = randomLogits(publishedSpace.layers, publishedSpace.widths.length, 21)

function publishedLatency(table: PublishedTable, given: ArchitectureLogits): { latencyMs: number; gradient: ArchitectureLogits } {
  const { costs, stemMs } = publishedCosts(publishedSpace, table, 'student')
  const probabilities = { ...architectureProbabilities(given), gamma: [] }
  const widths = given.gamma.map((rows) => rows.map((row) => row.indexOf(Math.max(...row))))
  const { latencyMs, gradient } = publishedExpectation(costs, stemMs, { ...probabilities, widths })
  return { latencyMs, gradient: gradientOfLogits(probabilities, { ...gradient, gamma: [] }) }
}

describe('the expected latency, by the same table', () => {
  test('reaches beta of 1/16 in ours and not in the published one', () => {
    expect(publishedLatency(publishedTable, logits).gradient.beta[0].flat().every((value) => value === 0)).toBe(true)
    const { scales } = decoupledLatency(latencyCosts(publishedSpace, ours, 'student'), logits)
    expect(scales.gradient[0].flat().every((value) => Math.abs(value) > 1e-6)).toBe(true)
  })

  test('of certain logits is that of the network in ours, and far above it in the published one', () => {
    const certain = sharpened(logits)
    const options = { rules: 'ours', forbidSkip: false, stemWidth: publishedSpace.studentStemWidth, name: 'certain' } as const
    const network = deriveArchitecture(publishedSpace, certain, { ...options, finalScales: [16, 32] })
    const networkMs = tableLatencyMs(network, ours)
    const expectedMs = expectedLatency(latencyCosts(publishedSpace, ours, 'student'), certain, [[16, 32]]).latencyMs
    expect(expectedMs / networkMs).toBeCloseTo(1, 9)
    expect(publishedLatency(publishedTable, certain).latencyMs / networkMs).toBeGreaterThan(1.5)
  })

  test('prices a zoomed double convolution by its own entry in ours, and as the plain one in the published one', () => {
    const zoomed = only(4)
    const plain = only(3)
    expect(publishedLatency(publishedTable, zoomed).latencyMs).toBeCloseTo(publishedLatency(publishedTable, plain).latencyMs, 9)
    const costs = latencyCosts(publishedSpace, ours, 'student')
    expect(expectedLatency(costs, zoomed).latencyMs).toBeLessThan(0.9 * expectedLatency(costs, plain).latencyMs)
  })
})

describe('the unit of the latency term', () => {
  test('is the device in the published one: twice the milliseconds pull twice as hard; in ours they pull alike', () => {
    const slow: PublishedTable = Object.fromEntries(Object.entries(publishedTable).map(([key, milliseconds]) => [key, 2 * milliseconds]))
    const [fastPull, slowPull] = [publishedTable, slow].map((table) => publishedLatency(table, logits).gradient.alpha.flat(2))
    expectRatio(slowPull, fastPull, 2)
    const [ourFast, ourSlow] = [ours, twiceAsSlow(ours)].map((table) => termOf(table, [0.001, 0.997, 0.002]))
    for (const name of ['alpha', 'beta', 'gamma'] as const) expectRatio(ourSlow[name].flat(2), ourFast[name].flat(2), 1)
  })
})

describe('the decoupling weights', () => {
  test('of the published code pull operators and widths twice as hard as the paper\'s, scales 0.3 % less', () => {
    const [paper, published] = [[0.001, 0.997, 0.002], [0.002, 0.994, 0.004]].map((weights) => termOf(ours, weights))
    expectRatio(published.alpha.flat(2), paper.alpha.flat(2), 2)
    expectRatio(published.beta.flat(2), paper.beta.flat(2), 0.994 / 0.997)
    expectRatio(published.gamma.flat(2), paper.gamma.flat(2), 2)
  })
})

describe('decoding', () => {
  test('to 1/16 halves one layer earlier by the published rules than beta says and ours does', () => {
    const given = onlyConvolutions()
    // Row 5 of beta for 1/16 is layer 7: its map comes from the finer scale, so layer 6 halves.
    given.beta[0][5] = [3, 0]
    expect(halvingLayers('ours', given)).toEqual([6])
    expect(halvingLayers('published', given)).toEqual([5])
  })

  test('counts the cells that keep their scale in ours; the published rules look at the halvings alone', () => {
    const given = onlyConvolutions()
    // Layer 5 would rather be reached by halving, but what comes after it surely comes from 1/16.
    given.beta[0] = given.beta[0].map((_, row) => (row < 7 ? [1, 0] : [0, 1]))
    given.beta[0][2] = [1.1, 0]
    expect(halvingLayers('published', given)).toEqual([2])
    const [layer] = halvingLayers('ours', given)
    expect(layer).toBeGreaterThan(3)
  })
})

function sharpened({ alpha, beta, gamma }: ArchitectureLogits): ArchitectureLogits {
  const sharp = (tables: number[][][]): number[][][] => tables.map((rows) => rows.map((row) => row.map((value) => value * 1e4)))
  // No skips: they are dropped or replaced by what decoding knows and an expectation does not.
  return { alpha: sharp(alpha).map((rows) => rows.map(([, ...others]) => [-1e9, ...others])), beta: sharp(beta), gamma: sharp(gamma) }
}

/** Every cell of one operator, everything else undecided. */
function only(operator: number): ArchitectureLogits {
  const flat = (tables: number[][][]): number[][][] => tables.map((rows) => rows.map((row) => row.map(() => 0)))
  const alpha = logits.alpha.map((rows) => rows.map((row) => row.map((_, column) => (column === operator ? 1e4 : 0))))
  return { alpha, beta: flat(logits.beta), gamma: logits.gamma }
}

function onlyConvolutions(): ArchitectureLogits {
  return only(1)
}

function halvingLayers(rules: 'ours' | 'published', given: ArchitectureLogits): number[] {
  const derived = deriveArchitecture(publishedSpace, given, { finalScales: [16], rules, forbidSkip: false, stemWidth: 8, name: rules })
  return derived.branches[0].cells.filter(({ downsample }) => downsample).map(({ layer }) => layer)
}

function termOf(table: LatencyTable, weights: number[]): ArchitectureLogits {
  const costs = latencyCosts(publishedSpace, table, 'student')
  return latencyTerm(logits, { costs, pairs: branchPairs, variant: 'decoupled', weights, lambda: 0.01 }).gradient
}

function twiceAsSlow(table: LatencyTable): LatencyTable {
  const entries = Object.entries(table.entries).map(([key, entry]) => [key, { ...entry, medianMs: 2 * entry.medianMs }] as const)
  return { ...table, entries: Object.fromEntries(entries) }
}

/** Numbers that are the rounding of nothing are passed over. */
function expectRatio(found: number[], reference: number[], ratio: number): void {
  const largest = Math.max(...reference.map(Math.abs))
  expect(largest).toBeGreaterThan(0)
  const compared = reference.flatMap((value, index) => (Math.abs(value) > 1e-6 * largest ? [found[index] / value] : []))
  expect(compared.length).toBeGreaterThan(20)
  for (const value of compared) expect(value / ratio).toBeCloseTo(1, 6)
}
