/** Measuring on ONNX Runtime: what is timed, how often, and what is written down. Never how long anything takes. */
import { describe, expect, it } from 'vitest'
import { latencyKeys } from '../../../../src/core/latency/latencyKeys.js'
import { partGraph } from '../../../../src/core/networkBuilder.js'
import { measureNetwork } from '../../../../src/engine/latency/measureNetwork.js'
import { measureTable } from '../../../../src/engine/latency/measureTable.js'
import type { MeasureTableOptions } from '../../../../src/engine/latency/measureTable.js'
import { metronomeGraph } from '../../../../src/engine/latency/metronome.js'
import { probeOf } from '../../../../src/engine/latency/probes.js'
import { timeGraph } from '../../../../src/engine/latency/timeGraph.js'
import { operators } from '../../../../src/shared/architecture.js'
import { latencyKeyText } from '../../../../src/shared/latencyTable.js'
import type { LatencyKey } from '../../../../src/shared/latencyTable.js'
import { smallGraph } from '../graph/smallGraph.js'
import { callMs, graphMs, knownMachine } from './knownMachine.js'

const options: MeasureTableOptions = { name: 'test', height: 64, width: 96, baseWidth: 4, threads: 1, warmup: 1, repeats: 5 }

const map = { height: 7, width: 9, inChannels: 6, outChannels: 10 }
const keys: LatencyKey[] = [
  ...operators.flatMap((part) => [1, 2].map((stride) => ({ part, ...map, stride }))),
  { part: 'stem', height: 64, width: 96, inChannels: 3, outChannels: 21, stride: 8 },
  { part: 'conv1x1', ...map, stride: 1 },
  { part: 'conv3x3', ...map, stride: 1 },
  { part: 'head', ...map, outChannels: 5, stride: 1 },
  { part: 'resize', ...map, outChannels: 6, stride: 8 }
]

describe('measureTable', () => {
  it('times every part once, equal keys once, and says what it did', async () => {
    const progress: [number, number][] = []
    const table = await measureTable([...keys, keys[0]], { ...options, onProgress: (done, total) => progress.push([done, total]) })
    expect(Object.keys(table?.entries ?? {}).sort()).toEqual(keys.map(latencyKeyText).sort())
    // Two rounds over the parts and the call.
    expect(progress).toEqual(Array.from({ length: 2 * (keys.length + 1) }, (_, index) => [index + 1, 2 * (keys.length + 1)]))
    expect(table).toMatchObject({ version: 1, name: 'test', height: 64, width: 96, runtime: { name: 'onnxruntime', threads: 1 }, warmup: 1, repeats: 5 })
    expect(table?.machine.cores).toBeGreaterThan(0)
    expect(table?.runtime.version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(table?.callMs).toBeGreaterThan(0)
    for (const { medianMs, deviationMs, count } of Object.values(table?.entries ?? {})) {
      expect(medianMs).toBeGreaterThan(0)
      expect(Number.isFinite(deviationMs)).toBe(true)
      expect(count).toBeGreaterThanOrEqual(1)
      expect(count).toBeLessThanOrEqual(60)
    }
  })

  it('stops between two entries when asked, and gives no table', async () => {
    let done = 0
    const stopped = await measureTable(keys, { ...options, onProgress: (count) => (done = count), stopRequested: () => done === 3 })
    expect(stopped).toBeNull()
    expect(done).toBe(3)
  })
})

describe('measureTable on a machine whose times are known', () => {
  const space = { layers: 4, baseWidth: 6, widths: [4, 12], studentStemWidth: 8, classes: 5 }
  const known: MeasureTableOptions = { ...options, height: 64, width: 128, baseWidth: 6, threads: 3, warmup: 4, repeats: 20, capMs: 60_000 }
  const spaceKeys = latencyKeys(space, known)
  const truth = (key: LatencyKey): number => {
    const { whole, without } = probeOf(key, { height: 64, baseWidth: 6, keys: spaceKeys })
    return graphMs(whole) - graphMs(without)
  }

  it('finds them through hiccups of other programs', async () => {
    const table = await measureTable(spaceKeys, known, knownMachine({ hiccups: 0.05 }).open)
    for (const key of spaceKeys) expect(table?.entries[latencyKeyText(key)].medianMs).toBeCloseTo(truth(key), 9)
    expect(table?.callMs).toBeGreaterThan(callMs)
  })

  it('finds them, but for the pace, on a machine that is twice as slow from the middle on', async () => {
    const even = knownMachine()
    await measureTable(spaceKeys, known, even.open)
    const calls = even.opened.reduce((sum, model) => sum + model.calls, 0)
    const table = await measureTable(spaceKeys, known, knownMachine({ slowness: (call) => (call < calls / 2 ? 1 : 2) }).open)
    const pace = (table?.metronomeMs?.medianMs ?? NaN) / graphMs({ graph: metronomeGraph, corners: [] })
    for (const key of spaceKeys) expect((table?.entries[latencyKeyText(key)].medianMs ?? 0) / pace / truth(key)).toBeCloseTo(1, 6)
  })

  it('opens everything with the threads that were asked for, warms it up, and closes it', async () => {
    const machine = knownMachine()
    await measureTable(spaceKeys, known, machine.open)
    const rounds = 5
    for (const { threads, calls, closed } of machine.opened) {
      expect(threads).toBe(3)
      // 3 untimed calls besides the one of opening, then at least a round's share of the timed ones.
      expect(calls).toBeGreaterThanOrEqual(3 + known.repeats / rounds)
      expect(closed).toBe(true)
    }
  })
})

describe('timeGraph', () => {
  it('makes as many timed calls as asked, and at least three however little time there is', async () => {
    expect(await timeGraph(smallGraph, { threads: 1, warmup: 2, repeats: 7, capMs: 60_000 })).toHaveLength(7)
    expect(await timeGraph(smallGraph, { threads: 1, warmup: 2, repeats: 7, capMs: 0 })).toHaveLength(3)
    expect(await timeGraph(smallGraph, { threads: 1, warmup: 0, repeats: 2, capMs: 60_000 })).toHaveLength(2)
  })
})

describe('measureNetwork', () => {
  it('gives median, deviation and number of runs of a whole network', async () => {
    const measured = await measureNetwork(partGraph(keys[0]), { threads: 1, warmup: 1, repeats: 9, capMs: 60_000 })
    expect(measured.medianMs).toBeGreaterThan(0)
    expect(measured.count).toBeGreaterThan(4)
  })
})
