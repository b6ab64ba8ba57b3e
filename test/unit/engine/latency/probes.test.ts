/** What is timed for a part: that it computes, and that over a network everything cancels but the parts. */
import { describe, expect, it } from 'vitest'
import { latencyKeys } from '../../../../src/core/latency/latencyKeys.js'
import { randomNetworks } from '../../../../src/core/latency/randomNetworks.js'
import { derivedGraph, derivedParts, partGraph } from '../../../../src/core/networkBuilder.js'
import { openTimed } from '../../../../src/engine/latency/openTimed.js'
import { probeOf } from '../../../../src/engine/latency/probes.js'
import type { LatencyKey } from '../../../../src/shared/latencyTable.js'
import { graphMs, layersMs, callMs } from './knownMachine.js'

const space = { layers: 6, baseWidth: 6, widths: [4, 8, 12], studentStemWidth: 8, classes: 5 }
const size = { height: 64, width: 128 }
const context = { height: size.height, baseWidth: space.baseWidth, keys: latencyKeys(space, size) }

function partMs(key: LatencyKey): number {
  const { whole, without } = probeOf(key, context)
  return graphMs(whole) - graphMs(without)
}

describe('probeOf', () => {
  it('gives differences whose sum is the network, joins included, on a machine where layers have a price each', () => {
    for (const network of randomNetworks(space, { count: 12, seed: 1, stream: 'probes' })) {
      const whole = graphMs({ graph: derivedGraph(network, { ...size, auxiliaryHeads: false }), corners: [] })
      const sum = derivedParts(network, size).reduce((total, { key }) => total + partMs(key), callMs)
      expect(sum).toBeCloseTo(whole, 9)
    }
  })

  it('times an operator as its layers', () => {
    const key: LatencyKey = { part: 'conv_2x_downup', height: 8, width: 16, inChannels: 16, outChannels: 32, stride: 2 }
    expect(partMs(key)).toBeCloseTo(layersMs(partGraph(key)), 12)
  })

  it('gives networks that ONNX Runtime opens and runs, for every part of a space', async () => {
    const wanted = new Map(context.keys.map((key) => [`${key.part} ${key.stride} ${key.inChannels > key.outChannels}`, key]))
    expect(wanted.size).toBeGreaterThan(12)
    for (const key of wanted.values()) {
      const { whole, without } = probeOf(key, context)
      for (const timed of [whole, without]) {
        const model = await openTimed(timed, 1)
        expect(await model.timeOnce()).toBeGreaterThan(0)
        await model.close()
      }
    }
  })
})
