import { describe, expect, test } from 'vitest'
import { decoupledLatency, neutralProbabilities, relativeLatencyUnit } from '../../../src/core/latency/decoupledLatency.js'
import { architectureProbabilities, expectationOf, expectedLatency } from '../../../src/core/latency/expectedLatency.js'
import { branchPairs, latencyCosts, type BranchPair } from '../../../src/core/latency/latencyCosts.js'
import { tableLatencyMs } from '../../../src/core/latency/tableLatency.js'
import { sharedLayerCount } from '../../../src/core/networkBuilder.js'
import {
  operators,
  scales,
  type Architecture,
  type ArchitectureLogits,
  type DerivedBranch,
  type DerivedCell,
  type SearchSpace
} from '../../../src/shared/architecture.js'
import type { LatencyTable } from '../../../src/shared/latencyTable.js'
import { randomLogits, randomTable } from './randomTable.js'

function space(layers: number, widths: number[]): SearchSpace {
  return { layers, baseWidth: 12, widths, studentStemWidth: 8, classes: 5 }
}

describe('the expectation is the mean over all draws, each built and looked up as a network', () => {
  test('3 layers, two operators in every cell, two widths of every map', () => {
    const small = space(3, [4, 12])
    const table = randomTable(small, 1)
    const logits = twoOperatorsACell(randomLogits(3, 2, 2))
    const found = expectedLatency(latencyCosts(small, table, 'student'), logits)
    const enumerated = branchPairs.map((pair) => enumerate(small, table, logits, pair))
    found.perPairMs.forEach((value, index) => expect(value / enumerated[index] - 1).toBeCloseTo(0, 12))
    expect(found.latencyMs).toBeCloseTo(enumerated.reduce((sum, value) => sum + value, 0) / 3, 10)
  })

  test.each([[[8]], [[16]], [[32]], [[8, 16, 32]]] as BranchPair[][])('3 layers, the branches to %j', (pair) => {
    const small = space(3, [4, 12])
    const table = randomTable(small, 1)
    const logits = twoOperatorsACell(randomLogits(3, 2, 2))
    const found = expectedLatency(latencyCosts(small, table, 'student'), logits, [pair])
    expect(found.latencyMs / enumerate(small, table, logits, pair) - 1).toBeCloseTo(0, 12)
  })

  test('5 layers, every draw of predecessors, some of operators and widths', () => {
    const small = space(5, [4, 8])
    const table = randomTable(small, 3)
    const logits = mostlyCertain(twoOperatorsACell(randomLogits(5, 2, 4)))
    const found = expectedLatency(latencyCosts(small, table, 'student'), logits)
    const enumerated = branchPairs.map((pair) => enumerate(small, table, logits, pair))
    found.perPairMs.forEach((value, index) => expect(value / enumerated[index] - 1).toBeCloseTo(0, 12))
    const others: BranchPair[] = [[8], [16], [32], [8, 16, 32]]
    const foundOthers = expectedLatency(latencyCosts(small, table, 'student'), logits, others)
    foundOthers.perPairMs.forEach((value, index) => expect(value / enumerate(small, table, logits, others[index]) - 1).toBeCloseTo(0, 12))
  })
})

describe('gradients', () => {
  const small = space(5, [4, 6, 12])
  const logits = randomLogits(5, 3, 5)
  const costs = latencyCosts(small, randomTable(small, 6), 'student')

  test('of the expected latency are those of finite differences', () => {
    const { gradient } = expectedLatency(costs, logits)
    for (const name of ['alpha', 'beta', 'gamma'] as const) {
      expectClose(gradient[name], differences(logits, name, (changed) => expectedLatency(costs, changed).latencyMs))
    }
  })

  test.each([[[8, 32]], [[32]], [[8, 16, 32]]] as BranchPair[][])('of the branches to %j alone are those of finite differences', (pair) => {
    const { gradient } = expectedLatency(costs, logits, [pair])
    for (const name of ['alpha', 'beta', 'gamma'] as const) {
      expectClose(gradient[name], differences(logits, name, (changed) => expectedLatency(costs, changed, [pair]).latencyMs))
    }
  })

  test('of the decoupled terms are those of finite differences', () => {
    const terms = decoupledLatency(costs, logits)
    const of = { alpha: 'operators', beta: 'scales', gamma: 'widths' } as const
    for (const name of ['alpha', 'beta', 'gamma'] as const) {
      const numeric = differences(logits, name, (changed) => decoupledLatency(costs, changed)[of[name]].latencyMs)
      expectClose(terms[of[name]].gradient, numeric)
      const others = (['alpha', 'beta', 'gamma'] as const).filter((other) => other !== name)
      for (const other of others) {
        const changed = { ...logits, [other]: randomLogits(5, 3, 99)[other] }
        expect(decoupledLatency(costs, changed)[of[name]].latencyMs).toBe(terms[of[name]].latencyMs)
      }
    }
    expect(terms.joint).toEqual(expectedLatency(costs, logits))
  })

  test('reach every row of alpha, beta and gamma', () => {
    const { gradient } = expectedLatency(costs, logits)
    for (const tables of [gradient.alpha, gradient.beta, gradient.gamma]) {
      for (const row of tables.flat()) expect(row.every((value) => value !== 0)).toBe(true)
    }
  })
})

describe('special architectures', () => {
  test('certain logits give the latency of the network that they mean', () => {
    const small = space(6, [4, 6, 8, 10, 12])
    const table = randomTable(small, 7)
    const logits = certain(randomLogits(6, 5, 8))
    const costs = latencyCosts(small, table, 'student')
    for (const pair of [...branchPairs, [16], [32], [8, 16, 32]] as BranchPair[]) {
      const [draw] = [...draws(logits)]
      expect(draw.probability).toBe(1)
      expect(expectedLatency(costs, logits, [pair]).latencyMs).toBeCloseTo(tableLatencyMs(network(small, draw, pair, 8), table), 10)
    }
  })

  test('the teacher has the widest maps everywhere', () => {
    const small = space(4, [4, 12])
    const table = randomTable(small, 9)
    const logits = certain(randomLogits(4, 1, 10))
    const [draw] = [...draws(logits)]
    const teacher = latencyCosts(small, table, 'teacher')
    const built = network({ ...small, widths: [12] }, draw, [16, 32], 12)
    expect(expectedLatency(teacher, logits, [[16, 32]]).latencyMs).toBeCloseTo(tableLatencyMs(built, table), 10)
  })

  test('the uniform, widest architecture counts 27.712 on any table', () => {
    const small = space(6, [4, 8, 12])
    const logits = randomLogits(6, 3, 12)
    for (const seed of [13, 14]) {
      const costs = latencyCosts(small, randomTable(small, seed), 'student')
      const uniformMs = expectationOf(costs, neutralProbabilities(logits), branchPairs).latencyMs
      expect(relativeLatencyUnit(costs, logits) * uniformMs).toBeCloseTo(27.712, 10)
    }
  })

  test('a table of another space is refused by name of the missing entry', () => {
    const table = randomTable(space(4, [4, 12]), 15)
    expect(() => latencyCosts(space(4, [6, 12]), table, 'student')).toThrow(/random: the table has no entry "conv 8x16 64>48 s1"/)
  })
})

interface Draw {
  probability: number
  operator: number[][]
  /** [row][index]: 0 from the finer scale, 1 from the same; as beta. */
  predecessor: number[][]
  width: number[][]
}

/** All combinations of choices that have a probability above 0. */
function* draws(logits: ArchitectureLogits): Generator<Draw> {
  const probabilities = architectureProbabilities(logits)
  const rows = [...probabilities.alpha.flat(), ...probabilities.beta.flat(), ...probabilities.gamma.flat()]
  for (const { probability, picks } of combinations(rows)) {
    const next = picks[Symbol.iterator]()
    const take = (tables: number[][][]) => tables.map((table) => table.map(() => Number(next.next().value)))
    yield { probability, operator: take(logits.alpha), predecessor: take(logits.beta), width: take(logits.gamma) }
  }
}

function* combinations(rows: number[][]): Generator<{ probability: number; picks: number[] }> {
  if (rows.length === 0) {
    yield { probability: 1, picks: [] }
    return
  }
  const [first, ...rest] = rows
  for (const { probability, picks } of combinations(rest)) {
    for (let pick = 0; pick < first.length; pick++) {
      if (first[pick] > 0) yield { probability: probability * first[pick], picks: [pick, ...picks] }
    }
  }
}

function enumerate(small: SearchSpace, table: LatencyTable, logits: ArchitectureLogits, pair: BranchPair): number {
  let [mean, total] = [0, 0]
  const known = new Map<string, number>()
  for (const draw of draws(logits)) {
    const built = network(small, draw, pair, small.studentStemWidth)
    const text = JSON.stringify(built.branches)
    const latencyMs = known.get(text) ?? tableLatencyMs(built, table)
    known.set(text, latencyMs)
    mean += draw.probability * latencyMs
    total += draw.probability
  }
  expect(total).toBeCloseTo(1, 12)
  return mean
}

/** The network of one draw: each branch is walked back from its last cell; nothing is dropped. */
function network(small: SearchSpace, draw: Draw, pair: BranchPair, stemWidth: number): Architecture {
  const branches = [...pair].reverse().map((finalScale): DerivedBranch => {
    const cells: DerivedCell[] = []
    let row = scales.indexOf(finalScale)
    let downsample = false
    for (let layer = small.layers - 1; layer >= 0; layer--) {
      const outRow = row + Number(downsample)
      const width = layer === small.layers - 1 ? stemWidth : small.widths[draw.width[outRow][outRow === 0 ? layer : layer + 1 - outRow]]
      cells.unshift({ layer, operator: operators[draw.operator[row][layer - row]], scale: scales[row], downsample, width })
      downsample = row > 0 && (layer === row || draw.predecessor[row - 1][layer - row - 1] === 0)
      if (downsample) row--
    }
    return { finalScale, cells }
  })
  const { classes, baseWidth } = small
  return { version: 1, name: 'draw', classes, baseWidth, stemWidth, branches, sharedLayers: sharedLayerCount(branches), notes: [] }
}

/** Leaves two operators possible in each cell, other ones in each, so that all five are met. */
function twoOperatorsACell(logits: ArchitectureLogits): ArchitectureLogits {
  let cell = 0
  const alpha = logits.alpha.map((rows) => rows.map((row) => {
    cell++
    return row.map((logit, column) => (column === cell % 5 || column === (cell + 2) % 5 ? logit : -Infinity))
  }))
  return { ...logits, alpha }
}

/** Makes most cells' operators and most widths certain, so that the rest can be enumerated. */
function mostlyCertain(logits: ArchitectureLogits): ArchitectureLogits {
  const every = (nth: number) => (tables: number[][][]) => {
    let count = 0
    return tables.map((rows) => rows.map((row) => (count++ % nth === 0 ? row : certainRow(row))))
  }
  return { alpha: every(6)(logits.alpha), beta: logits.beta, gamma: every(4)(logits.gamma) }
}

function certain(logits: ArchitectureLogits): ArchitectureLogits {
  const each = (tables: number[][][]) => tables.map((rows) => rows.map(certainRow))
  return { alpha: each(logits.alpha), beta: each(logits.beta), gamma: each(logits.gamma) }
}

function certainRow(row: number[]): number[] {
  const most = row.indexOf(Math.max(...row))
  return row.map((_, column) => (column === most ? 0 : -Infinity))
}

/** Central differences of `value` by each logit of one kind. */
function differences(logits: ArchitectureLogits, name: keyof ArchitectureLogits, value: (changed: ArchitectureLogits) => number) {
  const step = 1e-5
  return logits[name].map((rows, table) => rows.map((row, index) => row.map((_, column) => {
    const at = (shift: number) => {
      const tables = logits[name].map((some) => some.map((one) => [...one]))
      tables[table][index][column] += shift
      return value({ ...logits, [name]: tables })
    }
    return (at(step) - at(-step)) / (2 * step)
  })))
}

function expectClose(found: number[][][], expected: number[][][]): void {
  const [a, b] = [found.flat(2), expected.flat(2)]
  expect(a).toHaveLength(b.length)
  const largest = Math.max(...b.map(Math.abs))
  expect(largest).toBeGreaterThan(1e-3)
  a.forEach((value, index) => expect(Math.abs(value - b[index]) / largest).toBeLessThan(1e-7))
}
