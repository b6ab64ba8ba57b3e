/** Whole networks in turn, on a machine whose times are known. */
import { describe, expect, it } from 'vitest'
import { randomNetworks } from '../../../../src/core/latency/randomNetworks.js'
import { tableLatencyMs } from '../../../../src/core/latency/tableLatency.js'
import { derivedGraph } from '../../../../src/core/networkBuilder.js'
import { measureNetworks, type MeasureNetworksOptions } from '../../../../src/engine/latency/measureNetworks.js'
import { measureSpace } from '../../../../src/engine/latency/measureSpace.js'
import { metronomeGraph } from '../../../../src/engine/latency/metronome.js'
import { settingsSchema } from '../../../../src/shared/config/settings.js'
import { graphMs, knownMachine } from './knownMachine.js'

const space = { layers: 4, baseWidth: 6, widths: [4, 8, 12], studentStemWidth: 8, classes: 5 }
const size = { height: 64, width: 128 }
const networks = randomNetworks(space, { count: 5, seed: 1, stream: 'test' })
const paceMs = graphMs({ graph: metronomeGraph, corners: [] })
const options: MeasureNetworksOptions = { ...size, threads: 1, warmup: 2, repeats: 12, rounds: 4, paceMs }
const truth = networks.map((network) => graphMs({ graph: derivedGraph(network, { ...size, auxiliaryHeads: false }), corners: [] }))

describe('measureNetworks', () => {
  it('finds what each takes at the given pace, although the machine slows down from round to round', async () => {
    // A visit is 1 untimed and 3 timed calls, and 10 of the metronome; a round is 5 visits.
    const machine = knownMachine({ slowness: (call) => 1 + 0.5 * Math.floor(call / 70) })
    const measured = await measureNetworks(networks, options, machine.open)
    expect(measured).toHaveLength(networks.length)
    measured?.forEach(({ medianMs }, index) => expect(medianMs).toBeCloseTo(truth[index], 9))
    expect(machine.opened.every(({ closed }) => closed)).toBe(true)
  })

  it('tells its progress, and stops between two visits when asked', async () => {
    const progress: number[] = []
    const hooks = { onProgress: (done: number) => void progress.push(done), stopRequested: () => progress.length === 7 }
    expect(await measureNetworks(networks, { ...options, ...hooks }, knownMachine().open)).toBeNull()
    expect(progress).toEqual([1, 2, 3, 4, 5, 6, 7])
  })
})

describe('measureSpace', () => {
  const settings = settingsSchema.parse({ latency: { ...size, warmup: 1, repeats: 4 } }).latency
  const hooks = { onProgress: () => undefined, stopRequested: () => false }

  it('corrects the table by whole networks where they are asked for', async () => {
    const plain = await measureSpace(space, settings, hooks, knownMachine().open)
    expect(plain?.correction).toBeUndefined()
    const corrected = await measureSpace(space, { ...settings, networks: 15 }, hooks, knownMachine().open)
    expect(corrected?.correction?.fitted).toMatchObject({ networks: 15, seed: 1, rounds: 5 })
    // Layers have a price each on this machine, so the sums were right and stay so.
    networks.forEach((network, index) => expect(tableLatencyMs(network, corrected!) / truth[index]).toBeCloseTo(1, 2))
  })

  it('says where the space has too few networks to learn from', async () => {
    await expect(measureSpace(space, { ...settings, networks: 3 }, hooks, knownMachine().open)).rejects.toThrow(/3 different networks.*needs 12/)
  })
})
