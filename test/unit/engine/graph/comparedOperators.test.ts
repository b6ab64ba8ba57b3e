/** The operators of the comparison against PyTorch: what they compute, how much they have, how far they see. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { countOperator } from '../../../../src/core/countOperator.js'
import { comparedOperatorGraph, operatorGraph, partGraph } from '../../../../src/core/networkBuilder.js'
import { receptiveField } from '../../../../src/core/receptiveField.js'
import { writeGraphModel } from '../../../../src/engine/graph/graphModel.js'
import { writeOnnx } from '../../../../src/engine/graph/onnx.js'
import { randomWeights } from '../../../../src/engine/graph/randomWeights.js'
import { openSession } from '../../../../src/engine/graph/session.js'
import { comparedOperators, publishedComparedMap, type ComparedOperator } from '../../../../src/shared/operatorComparison.js'
import { formulaValues, formulaWeights } from './formulaWeights.js'

interface Reference {
  parameters: number
  multiplyAdds: number
  /** [channels, height, width], flat. */
  output: number[]
  /** Height and width, by the size of the map. */
  receptiveFields: Record<string, [number, number]>
}

const path = new URL('../../../numeric/fixtures/comparedOperators.json', import.meta.url)
const fixture = JSON.parse(readFileSync(path, 'utf8')) as {
  channels: number
  height: number
  width: number
  operators: Record<ComparedOperator, Reference>
}
const { channels, height, width } = fixture
const map = { channels, height, width }

/** The map's formula is NHWC; ONNX takes NCHW. */
const nhwc = formulaValues('map', height * width * channels)
const input = Float32Array.from(nhwc, (_, index) => nhwc[(index % (height * width)) * channels + Math.floor(index / (height * width))])

describe.each(comparedOperators)('%s', (operator) => {
  const expected = fixture.operators[operator]

  it.each([true, false])('computes in ONNX what PyTorch computes (norms folded: %s)', async (foldNorm) => {
    const graph = comparedOperatorGraph(operator, map)
    const session = await openSession(writeOnnx(graph, formulaWeights(graph), { foldNorm }), { threads: 1 })
    const output = (await session.run(input)).get('logits')
    await session.close()
    expect(output?.shape).toEqual([1, channels, height, width])
    const differences = expected.output.map((value, index) => Math.abs(value - Number(output?.data[index])))
    expect(Math.max(...expected.output)).toBeGreaterThan(0.5)
    expect(Math.max(...differences)).toBeLessThan(1e-5)
  })

  it('has as many parameters and multiply-adds as in PyTorch', () => {
    expect(countOperator(operator, map)).toMatchObject({ parameters: expected.parameters, multiplyAdds: expected.multiplyAdds })
  })

  it('sees as far as gradients reach in PyTorch', () => {
    for (const [size, [rows, columns]] of Object.entries(expected.receptiveFields)) {
      const [mapHeight, mapWidth] = size.split('x').map(Number)
      expect(receptiveField(comparedOperatorGraph(operator, { height: mapHeight, width: mapWidth, channels: 2 }))).toEqual({ height: rows, width: columns })
    }
  })
})

describe('the comparison of the paper', () => {
  it('has half the multiply-adds and weights in two groups, a quarter of the multiply-adds zoomed, and the same when dilated', () => {
    const count = (operator: ComparedOperator) => countOperator(operator, publishedComparedMap)
    const standard = count('conv')
    expect(standard.multiplyAdds).toBe(256 * 256 * 9 * 32 * 64)
    expect(standard.parameters).toBe(256 * 256 * 9 + 2 * 256)
    expect(count('conv_group2').multiplyAdds).toBe(standard.multiplyAdds / 2)
    expect(count('conv_group2').parameters - 512).toBe((standard.parameters - 512) / 2)
    expect(count('conv_downup')).toMatchObject({ multiplyAdds: standard.multiplyAdds / 4, parameters: standard.parameters })
    expect(count('conv_dilated2')).toMatchObject({ multiplyAdds: standard.multiplyAdds, parameters: standard.parameters })
  })
})

it('a receptive field follows strides, shifts and concatenations', () => {
  const shape = { height: 96, width: 128, inChannels: 4, outChannels: 4 }
  expect(receptiveField(operatorGraph('conv', { ...shape, stride: 2 }))).toEqual({ height: 3, width: 3 })
  // Pixels at even places beside those at odd places.
  expect(receptiveField(operatorGraph('skip', { ...shape, stride: 2 }))).toEqual({ height: 2, width: 2 })
  // Five 3x3 convolutions, each reaching 2 further at the distance of pixels there: 1 + 2 * (1 + 2 + 4 + 4 + 8).
  expect(receptiveField(partGraph({ part: 'stem', height: 96, width: 128, inChannels: 3, outChannels: 8, stride: 8 }))).toEqual({ height: 39, width: 39 })
})

it('a tfjs graph model refuses what it would compute wrongly', () => {
  const graph = comparedOperatorGraph('conv_group2', map)
  expect(() => writeGraphModel(graph, randomWeights(graph, 1))).toThrow('cell.conv has 2 groups and dilation 1')
})

it('groups have to divide the channels', () => {
  expect(() => comparedOperatorGraph('conv_group2', { ...map, channels: 5 })).toThrow('2 groups do not divide 5 channels')
})
