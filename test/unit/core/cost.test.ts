import { describe, expect, test } from 'vitest'
import { networkCost } from '../../../src/core/cost.js'
import { tableLatencyMs } from '../../../src/core/latency/tableLatency.js'
import { derivedGraph, derivedParts, operatorGraph } from '../../../src/core/networkBuilder.js'
import { publishedCost } from '../../../src/core/published/publishedCost.js'
import { publishedTableLatencyMs } from '../../../src/core/published/publishedTable.js'
import { latencyKeyText, type LatencyTable } from '../../../src/shared/latencyTable.js'
import type { NetworkGraph } from '../../../src/shared/networkGraph.js'
import { publishedStudent, publishedTable, studentFixture } from './publishedStudent.js'

const size = { height: 1024, width: 2048 }
const pair = publishedStudent([32, 16])

describe('the published student', () => {
  test('has the parameters that the published code counts', () => {
    expect(publishedCost(pair, size).parameters).toBe(studentFixture.params.total_as_official_reports)
    expect(publishedCost(pair, size).parameters).toBe(4_385_689)
    expect(publishedCost(pair, size, false).parameters).toBe(3_454_643)
    expect(networkCost(derivedGraph(pair, { ...size, auxiliaryHeads: false })).parameters).toBe(3_421_875)
  })

  test('has the multiply-adds that the published code counts', () => {
    expect(publishedCost(pair, size).multiplyAdds).toBe(27_901_919_232)
    const plain = networkCost(derivedGraph(pair, { ...size, auxiliaryHeads: false }))
    expect(plain.multiplyAdds).toBe(studentFixture.macs_1024x2048.conv_macs)
  })

  test('has the parameters of each part', () => {
    const graph = derivedGraph(pair, { ...size, auxiliaryHeads: true })
    const expected = studentFixture.params_by_part
    expect(parametersOf(graph, /^stem/)).toBe(expected.stem)
    expect(parametersOf(graph, /cell\d/)).toBe(expected.cells)
    expect(parametersOf(graph, /^branch32.*reduce/)).toBe(expected.arms32)
    expect(parametersOf(graph, /^branch32\.refine\d+\.conv/)).toBe(expected.refines32)
    expect(parametersOf(graph, /^branch16.*reduce/)).toBe(expected.arms16)
    expect(parametersOf(graph, /^branch16\.refine\d+\.conv/)).toBe(expected.refines16)
    expect(parametersOf(graph, /^head/)).toBe(expected.heads8)
    expect(parametersOf(graph, /^auxiliary16/)).toBe(expected.heads16)
    expect(parametersOf(graph, /^auxiliary32/)).toBe(expected.heads32)
  })

  test('has the cells of the published code, shared ones once', () => {
    const cells = derivedParts(pair, size).filter(({ name }) => name.includes('cell'))
    const found = cells.map(({ name, key }) => ({ name, op: key.part, c_in: key.inChannels, c_out: key.outChannels, stride: key.stride }))
    const expected = studentFixture.cells.map(({ layer, branches, op, c_in, c_out, stride }) => {
      const branch = branches.length > 1 ? 'shared' : `branch${branches[0] === 2 ? 32 : 16}`
      return { name: `${branch}.cell${layer}`, op, c_in, c_out, stride }
    })
    expect(found).toEqual(expected)
  })

  test('has the latency that the published table gives', () => {
    const reference = studentFixture.lookup_latency_ms_1080ti_of_derived
    expect(publishedTableLatencyMs(publishedStudent([8, 32]), publishedTable)).toBeCloseTo(reference['20'], 9)
    expect(publishedTableLatencyMs(pair, publishedTable)).toBeCloseTo(reference['21'], 9)
    expect(publishedTableLatencyMs(pair, publishedTable)).toBeCloseTo(6.41397705, 8)
    expect(publishedTableLatencyMs(publishedStudent([8, 32]), publishedTable)).toBeCloseTo(6.26046739, 8)
  })
})

describe('networkCost', () => {
  test('counts a stride-2 skip by hand', () => {
    const graph = operatorGraph('skip', { height: 8, width: 16, inChannels: 6, outChannels: 10, stride: 2 })
    expect(networkCost(graph)).toEqual({ parameters: 2 * 6 * 5 + 2 * 10, multiplyAdds: 4 * 8 * 10 * 6 })
  })
})

describe('tableLatencyMs', () => {
  test('adds the parts and one call', () => {
    const parts = derivedParts(pair, { height: 64, width: 128 })
    const table = tableOf(Object.fromEntries(parts.map(({ key }, index) => [latencyKeyText(key), index + 1])))
    const expected = parts.reduce((sum, { key }) => sum + table.entries[latencyKeyText(key)].medianMs, 0.25)
    expect(tableLatencyMs(pair, { ...table, callMs: 0.25 })).toBeCloseTo(expected, 12)
  })

  test('names the entry that is missing', () => {
    expect(() => tableLatencyMs(pair, tableOf({}))).toThrow('small: the table has no entry "stem 64x128 3>64 s8".')
  })
})

function tableOf(milliseconds: Record<string, number>): LatencyTable {
  const entries = Object.fromEntries(Object.entries(milliseconds).map(([key, medianMs]) => [key, { medianMs, deviationMs: 0, count: 1 }]))
  const machine = { cpu: 'made up', cores: 1, memoryBytes: 1, platform: 'none' }
  const runtime = { name: 'none', version: '0', threads: 1 }
  return { version: 1, name: 'small', height: 64, width: 128, machine, runtime, warmup: 0, repeats: 1, measuredAt: '', entries }
}

function parametersOf(graph: NetworkGraph, names: RegExp): number {
  return networkCost({ ...graph, nodes: graph.nodes.filter((node) => names.test(node.name)) }).parameters
}
