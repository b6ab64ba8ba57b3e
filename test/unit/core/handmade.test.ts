import { describe, expect, test } from 'vitest'
import { networkCost } from '../../../src/core/cost.js'
import { handmadeArchitecture, handmadesNearLatency, largestHandmade } from '../../../src/core/handmade.js'
import { latencyKeys } from '../../../src/core/latency/latencyKeys.js'
import { tableLatencyMs } from '../../../src/core/latency/tableLatency.js'
import { derivedGraph } from '../../../src/core/networkBuilder.js'
import { parseArchitecture } from '../../../src/core/parseArchitecture.js'
import { latencyKeyText, type LatencyTable } from '../../../src/shared/latencyTable.js'
import { randomTable } from './randomTable.js'

const space = { layers: 9, baseWidth: 12, widths: [4, 8, 12], studentStemWidth: 8, classes: 19 }

describe('a hand-made network', () => {
  test('is a valid architecture with the cells that were asked for', () => {
    const architecture = handmadeArchitecture(space, { width: 8, cells: [2, 2, 3], detailCells: 3 })
    expect(parseArchitecture(JSON.stringify(architecture), 'handmade.json')).toEqual(architecture)
    const [context, detail] = architecture.branches
    expect(context.cells.map((cell) => cell.scale)).toEqual([8, 8, 16, 16, 32, 32, 32])
    expect(context.cells.map((cell) => Number(cell.downsample))).toEqual([0, 1, 0, 1, 0, 0, 0])
    expect(detail.cells.map((cell) => cell.scale)).toEqual([8, 8, 8])
    expect(architecture.branches.flatMap((branch) => branch.cells).every((cell) => cell.operator === 'conv')).toBe(true)
    expect(architecture.sharedLayers).toBe(1)
  })

  test('can be built and looked up in the table of its space', () => {
    const table = randomTable(space, 1)
    for (const width of space.widths) {
      const architecture = handmadeArchitecture(space, { width, cells: [1, 1, 1], detailCells: 1 })
      expect(tableLatencyMs(architecture, table)).toBeGreaterThan(0)
      expect(networkCost(derivedGraph(architecture, { height: 64, width: 128, auxiliaryHeads: true })).parameters).toBeGreaterThan(1e5)
    }
  })

  test('is chosen by latency', () => {
    const table = proportionalTable()
    const latencyMs = (architecture: Parameters<typeof tableLatencyMs>[0]) => tableLatencyMs(architecture, table)
    const target = latencyMs(handmadeArchitecture(space, { width: 8, cells: [2, 2, 2], detailCells: 3 }))
    const chosen = handmadesNearLatency(space, target, latencyMs, 1)[0]
    expect(Math.abs(latencyMs(chosen) - target) / target).toBeLessThan(0.05)
    const smallest = handmadesNearLatency(space, 0, latencyMs, 1)[0]
    expect(smallest.branches[0].cells.map((cell) => cell.width)).toEqual([4, 4, 8])
    const largest = handmadesNearLatency(space, 1e9, latencyMs, 1)[0]
    expect(largest.branches[0].cells).toHaveLength(9)
    expect(largest.branches[0].cells[0].width).toBe(12)
    expect(largestHandmade(space)).toEqual(largest)
  })
})

/** Every part costs its multiply-adds, roughly. */
function proportionalTable(): LatencyTable {
  const size = { height: 64, width: 128 }
  const entries = Object.fromEntries(latencyKeys(space, size).map((key) => {
    const medianMs = (key.height * key.width * key.inChannels * key.outChannels) / key.stride ** 2 / 1e6
    return [latencyKeyText(key), { medianMs, deviationMs: 0, count: 1 }]
  }))
  return { ...randomTable(space, 1), entries }
}
