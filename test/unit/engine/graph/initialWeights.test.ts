import { describe, expect, it } from 'vitest'
import { initialWeights } from '../../../../src/engine/graph/initialWeights.js'
import { randomWeights } from '../../../../src/engine/graph/randomWeights.js'
import { weightShapes } from '../../../../src/engine/graph/weightShapes.js'
import type { ConvNode, NetworkGraph } from '../../../../src/shared/networkGraph.js'
import { smallGraph } from './smallGraph.js'

/** One 3x3 convolution with bias and norm. */
function oneConvolution(inChannels: number, outChannels: number, name = 'conv'): NetworkGraph {
  const size = { height: 4, width: 4 }
  const conv: ConvNode = {
    kind: 'conv',
    name,
    inputs: ['input'],
    output: { ...size, channels: outChannels },
    kernel: 3,
    stride: 1,
    inChannels,
    bias: true,
    norm: true,
    relu: true
  }
  return { nodes: [{ kind: 'input', name: 'input', inputs: [], output: { ...size, channels: inChannels } }, conv], outputs: [name] }
}

describe('weightShapes', () => {
  it('names every weight of every kind of layer', () => {
    expect(Object.fromEntries(weightShapes(smallGraph))).toEqual({
      'stem.weight': [3, 3, 3, 8],
      'stem.norm.scale': [8],
      'stem.norm.offset': [8],
      'stem.norm.mean': [8],
      'stem.norm.variance': [8],
      'cell.conv.weight': [3, 3, 8, 6],
      'cell.conv.norm.scale': [6],
      'cell.conv.norm.offset': [6],
      'cell.conv.norm.mean': [6],
      'cell.conv.norm.variance': [6],
      'skip.even.weight': [1, 1, 6, 5],
      'skip.odd.weight': [1, 1, 6, 5],
      'skip.norm.scale': [10],
      'skip.norm.offset': [10],
      'skip.norm.mean': [10],
      'skip.norm.variance': [10],
      'head.weight': [1, 1, 10, 3],
      'head.bias': [3]
    })
  })
})

describe('initialWeights', () => {
  it('draws convolutions with the variance 2 / fan in, and sets everything else', () => {
    const weights = initialWeights(oneConvolution(32, 256), 1)
    const { shape, data } = weights.get('conv.weight') ?? { shape: [], data: new Float32Array() }
    expect(shape).toEqual([3, 3, 32, 256])
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length
    const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length
    // 73,728 draws: the mean's standard error is 0.0004 of a deviation's 0.083, the variance's half a per cent.
    expect(Math.abs(mean)).toBeLessThan(0.0015)
    expect(variance * 32 * 9).toBeGreaterThan(1.95)
    expect(variance * 32 * 9).toBeLessThan(2.05)
    const rest = (part: string): number[] => [...new Set(weights.get(`conv.${part}`)?.data)]
    expect([rest('bias'), rest('norm.scale'), rest('norm.offset'), rest('norm.mean'), rest('norm.variance')]).toEqual([[0], [1], [0], [0], [1]])
  })

  it('is a function of seed and name, whatever else is in the network', () => {
    const alone = initialWeights(oneConvolution(3, 8, 'stem'), 7)
    expect(alone.get('stem.weight')?.data).toEqual(initialWeights(smallGraph, 7).get('stem.weight')?.data)
    expect(alone.get('stem.weight')?.data).not.toEqual(initialWeights(smallGraph, 8).get('stem.weight')?.data)
    const both = initialWeights(smallGraph, 7)
    expect(both.get('skip.even.weight')?.data).not.toEqual(both.get('skip.odd.weight')?.data)
  })
})

describe('randomWeights', () => {
  it('leaves nothing at 0 or 1 and every variance positive', () => {
    for (const [name, { data }] of randomWeights(smallGraph, 1)) {
      expect(data.every((value) => value !== 0 && value !== 1), name).toBe(true)
      if (name.endsWith('.variance')) expect(Math.min(...data)).toBeGreaterThan(0.5)
    }
  })
})
