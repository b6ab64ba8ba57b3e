/** ONNX files, judged by ONNX Runtime: against PyTorch, folded against unfolded, and by their names. */
import { readFileSync } from 'node:fs'
import onnxProto from 'onnx-proto'
import { describe, expect, it } from 'vitest'
import { derivedGraph } from '../../../../src/core/networkBuilder.js'
import { writeOnnx } from '../../../../src/engine/graph/onnx.js'
import type { OnnxOptions } from '../../../../src/engine/graph/onnx.js'
import { randomWeights } from '../../../../src/engine/graph/randomWeights.js'
import { openSession } from '../../../../src/engine/graph/session.js'
import type { ModelOutput } from '../../../../src/engine/graph/session.js'
import type { NamedWeights } from '../../../../src/engine/graph/weights.js'
import { operators } from '../../../../src/shared/architecture.js'
import { AppError } from '../../../../src/shared/errors.js'
import type { NetworkGraph } from '../../../../src/shared/networkGraph.js'
import { tinyArchitecture, tinySize } from '../../../numeric/export/tinyArchitecture.js'
import { formulaValues, formulaWeights } from './formulaWeights.js'
import { smallGraph } from './smallGraph.js'

const fixturePath = new URL('../../../numeric/fixtures/derivedNetwork.json', import.meta.url)
const fixture = JSON.parse(readFileSync(fixturePath, 'utf8')) as {
  maps: Record<string, { shape: [number, number, number]; step: [number, number]; values: number[] }>
}

async function run(graph: NetworkGraph, weights: NamedWeights, image: Float32Array, options: OnnxOptions): Promise<Map<string, ModelOutput>> {
  const session = await openSession(writeOnnx(graph, weights, options), { threads: 1 })
  try {
    return await session.run(image)
  } finally {
    await session.close()
  }
}

function noise(graph: NetworkGraph): Float32Array {
  const { height, width, channels } = graph.nodes[0].output
  return Float32Array.from(formulaValues('noise', height * width * channels))
}

describe('writeOnnx against PyTorch', () => {
  it('has every operator in the network that is compared', () => {
    const cells = tinyArchitecture.branches.flatMap((branch) => branch.cells)
    expect([...new Set(cells.map(({ operator }) => operator))].sort()).toEqual([...operators].sort())
  })

  /** The image's formula is NHWC; ONNX takes NCHW. */
  const pixels = tinySize.height * tinySize.width
  const nhwc = formulaValues('image', 3 * pixels)
  const image = Float32Array.from(nhwc, (_, index) => nhwc[(index % pixels) * 3 + Math.floor(index / pixels)])

  it.each([true, false])('computes every map of a network with odd sizes (norms folded: %s)', async (foldNorm) => {
    const derived = derivedGraph(tinyArchitecture, { ...tinySize, auxiliaryHeads: false })
    const graph = { ...derived, outputs: ['logits', ...Object.keys(fixture.maps).filter((name) => name !== 'logits')] }
    const outputs = await run(graph, formulaWeights(graph), image, { foldNorm })
    expect([...outputs.keys()].sort()).toEqual(Object.keys(fixture.maps).sort())
    for (const [name, { shape, step, values: expected }] of Object.entries(fixture.maps)) {
      const found = outputs.get(name) as ModelOutput
      expect(found.shape).toEqual([1, ...shape])
      const [channels, height, width] = shape
      let index = 0
      let largest = 0
      for (let channel = 0; channel < channels; channel++) {
        for (let y = 0; y < height; y += step[0]) {
          for (let x = 0; x < width; x += step[1]) {
            largest = Math.max(largest, Math.abs(Number(found.data[(channel * height + y) * width + x]) - expected[index++]))
          }
        }
      }
      expect(index).toBe(expected.length)
      expect(largest, name).toBeLessThan(2e-5)
    }
  })
})

describe('writeOnnx', () => {
  it('folds norms without changing the numbers', async () => {
    const weights = randomWeights(smallGraph, 1)
    const plain = await run(smallGraph, weights, noise(smallGraph), { foldNorm: false })
    const folded = await run(smallGraph, weights, noise(smallGraph), { foldNorm: true })
    const expected = plain.get('logits')?.data as Float32Array
    expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(0.1)
    const found = folded.get('logits')?.data as Float32Array
    found.forEach((value, index) => expect(value).toBeCloseTo(expected[index], 5))
  })

  it('writes a mask instead of logits when asked', async () => {
    const weights = randomWeights(smallGraph, 1)
    const logits = (await run(smallGraph, weights, noise(smallGraph), { foldNorm: true })).get('logits')?.data as Float32Array
    const outputs = await run(smallGraph, weights, noise(smallGraph), { foldNorm: true, output: 'mask' })
    expect([...outputs.keys()]).toEqual(['mask'])
    const { shape, data } = outputs.get('mask') as ModelOutput
    expect(shape).toEqual([1, 14, 22])
    const pixels = 14 * 22
    data.forEach((label: number | bigint, pixel: number) => {
      const scores = [0, 1, 2].map((channel) => logits[channel * pixels + pixel])
      expect(Number(label)).toBe(scores.indexOf(Math.max(...scores)))
    })
  })

  it('names operators and weights after the layers, and says what it is', () => {
    const bytes = writeOnnx(smallGraph, randomWeights(smallGraph, 1), { foldNorm: false, name: 'small', metadata: { classes: '["road"]' } })
    const model = onnxProto.onnx.ModelProto.decode(bytes)
    expect(model.graph?.name).toBe('small')
    expect(model.metadataProps).toMatchObject([{ key: 'classes', value: '["road"]' }])
    expect(model.opsetImport[0].version).toMatchObject({ low: 13 })
    expect(model.graph?.node?.map((node) => `${node.opType ?? ''} ${node.name ?? ''}`)).toEqual([
      'Conv stem.conv',
      'BatchNormalization stem.norm',
      'Relu stem.relu',
      'Resize cell.down',
      'Conv cell.conv.conv',
      'BatchNormalization cell.conv.norm',
      'Resize cell.up',
      'Relu cell.relu',
      'Conv skip.even.conv',
      'Slice skip.shift.slice',
      'Pad skip.shift.pad',
      'Conv skip.odd.conv',
      'Concat skip.concat',
      'BatchNormalization skip.norm',
      'Relu skip.relu',
      'Conv head.conv',
      'Resize head.up'
    ])
    expect(model.graph?.initializer?.map((weight) => weight.name)).toEqual(expect.arrayContaining(['stem.weight', 'stem.norm.mean', 'head.bias']))
    expect(model.graph?.input?.[0].name).toBe('image')
  })

  it('refuses weights that are missing or of another shape, by name', () => {
    const weights = randomWeights(smallGraph, 1)
    weights.delete('head.bias')
    expect(() => writeOnnx(smallGraph, weights, { foldNorm: true })).toThrow(/weight head\.bias/)
    weights.set('head.bias', { shape: [4], data: new Float32Array(4) })
    expect(() => writeOnnx(smallGraph, weights, { foldNorm: true })).toThrow(AppError)
    expect(() => writeOnnx(smallGraph, weights, { foldNorm: true })).toThrow('should have the shape [3], but has [4]')
  })
})
