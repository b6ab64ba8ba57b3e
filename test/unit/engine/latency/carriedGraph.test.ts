/** A part behind its carrier computes the part of what the carrier makes. */
import { describe, expect, it } from 'vitest'
import { partGraph } from '../../../../src/core/networkBuilder.js'
import { writeOnnx } from '../../../../src/engine/graph/onnx.js'
import { randomWeights } from '../../../../src/engine/graph/randomWeights.js'
import { openSession } from '../../../../src/engine/graph/session.js'
import type { NamedWeights } from '../../../../src/engine/graph/weights.js'
import { carriedGraph, carrierChannels, carrierGraph } from '../../../../src/engine/latency/carriedGraph.js'
import type { LatencyKey } from '../../../../src/shared/latencyTable.js'
import type { NetworkGraph } from '../../../../src/shared/networkGraph.js'

const operator: LatencyKey = { part: 'conv_2x_downup', height: 7, width: 5, inChannels: 6, outChannels: 10, stride: 1 }

async function run(graph: NetworkGraph, weights: NamedWeights, input: Float32Array): Promise<Float32Array> {
  const session = await openSession(writeOnnx(graph, weights, { foldNorm: true }), { threads: 1 })
  try {
    return (await session.run(input)).get('logits')?.data as Float32Array
  } finally {
    await session.close()
  }
}

describe('carriedGraph', () => {
  it('is the carrier and then the part', async () => {
    const part = partGraph(operator)
    const carried = carriedGraph(part, 8)
    const carrier = carrierGraph(part.nodes[0].output, 8)
    const weights = randomWeights(carried, 1)
    const input = Float32Array.from({ length: 8 * 7 * 5 }, (_, index) => Math.sin(index))
    const found = await run(carried, weights, input)
    const expected = await run(part, weights, await run(carrier, weights, input))
    expect(found).toHaveLength(10 * 7 * 5)
    found.forEach((value, index) => expect(value).toBeCloseTo(expected[index], 5))
  })
})

describe('carrierChannels', () => {
  const map = { height: 32, width: 64, stride: 1 }
  const keys: LatencyKey[] = [
    { part: 'head', ...map, inChannels: 64, outChannels: 19 },
    { part: 'head', ...map, inChannels: 42, outChannels: 19 },
    { part: 'conv1x1', ...map, inChannels: 85, outChannels: 43 },
    { part: 'conv1x1', ...map, height: 16, inChannels: 3, outChannels: 43 }
  ]

  it('reads few channels, except before a resize, which stands behind what makes its map', () => {
    expect(carrierChannels(operator, keys)).toBe(8)
    expect(carrierChannels({ part: 'resize', ...map, inChannels: 19, outChannels: 19, stride: 8 }, keys)).toBe(42)
    expect(carrierChannels({ part: 'resize', ...map, inChannels: 43, outChannels: 43, stride: 2 }, keys)).toBe(85)
    expect(carrierChannels({ part: 'resize', ...map, inChannels: 7, outChannels: 7, stride: 2 }, keys)).toBe(8)
  })
})
