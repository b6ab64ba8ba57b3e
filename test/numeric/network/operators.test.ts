/** The five operators and a cell of the supernet against PyTorch (fixtures/operators.py). */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { operators, type Operator } from '../../../src/shared/architecture.js'
import { BatchStatistics } from '../../../src/engine/network/batchStatistics.js'
import { conv, conv2x } from '../../../src/engine/network/operators/conv.js'
import { skip } from '../../../src/engine/network/operators/skip.js'
import type { OperatorSite } from '../../../src/engine/network/operators/slimConvolution.js'
import { halved, zoomedConv, zoomedConv2x } from '../../../src/engine/network/operators/zoomedConv.js'
import { Pass } from '../../../src/engine/network/pass.js'
import { cell } from '../../../src/engine/network/supernet/cell.js'
import { WeightStore } from '../../../src/engine/network/weightStore.js'
import { lossGradients } from '../../../src/engine/tensor/gradients.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { expectClose } from '../tensor/expectClose.js'
import { formulaValues, formulaWeight, probe } from './formulaValues.js'

type Shape4D = [number, number, number, number]
type Moments = Record<string, { mean: number[]; variance: number[] }>

interface OperatorCase {
  operator: Operator
  stride: 1 | 2
  full: [number, number]
  shape: Shape4D
  output: number[]
  x: number[]
  weights: Record<string, { shape: number[]; gradient: number[] }>
  moments: Moments
}

interface CellCase extends Record<'keep' | 'down' | 'alpha' | 'beta', number[]> {
  inputs: number[][]
  weights: Record<string, { shape: number[]; probe: [number, number] }>
  moments: Moments
}

const fixture = JSON.parse(readFileSync(new URL('../fixtures/operators.json', import.meta.url), 'utf8')) as { operators: OperatorCase[]; cell: CellCase }

const formulaMap = (name: string, shape: Shape4D): tf.Tensor4D => tf.tensor4d(formulaValues(name, shape[0] * shape[1] * shape[2] * shape[3]), shape)

function storeOf(weights: Record<string, { shape: number[] }>): WeightStore {
  return new WeightStore(Object.entries(weights).map(([name, { shape }]) => [name, formulaWeight(name, shape)]))
}

function run(pass: Pass, operator: Operator, x: tf.Tensor4D, site: OperatorSite): tf.Tensor4D {
  const size: [number, number] = [x.shape[1], x.shape[2]]
  switch (operator) {
    case 'skip':
      return skip(pass, x, site)
    case 'conv':
      return conv(pass, x, site)
    case 'conv_2x':
      return conv2x(pass, x, site)
    case 'conv_downup':
      return zoomedConv(pass, halved(x), site, size)
    case 'conv_2x_downup':
      return zoomedConv2x(pass, halved(x), site, size)
  }
}

function expectMoments(statistics: BatchStatistics, moments: Moments): void {
  for (const [name, { mean, variance }] of Object.entries(moments)) {
    expectClose(statistics.get(name).mean, mean)
    expectClose(statistics.get(name).variance, variance)
  }
}

describe('operators at a slimmed width equal PyTorch', () => {
  it.each(fixture.operators.map((example) => [example.operator, example.stride, example] as const))('%s, stride %i', (operator, stride, example) => {
    const x = formulaMap(`x ${operator}`, [2, 7, 5, 3])
    const upstream = formulaMap(`dy ${operator}`, example.shape)
    // Norms of another width: none of this may touch them.
    const norms = Object.keys(example.weights).filter((name) => name.endsWith('.scale'))
    const strangers = Object.fromEntries(norms.map((name) => [name.replace('norm6', 'norm12'), { shape: [example.full[1]] }]))
    expect(Object.keys(strangers).length).toBeGreaterThan(0)
    const store = storeOf({ ...example.weights, ...strangers })
    const statistics = new BatchStatistics('average')
    const site: OperatorSite = { name: 'op', stride, outChannels: 5, outWidth: 6, runs: 1 }
    // The reference names filters in full: their shapes are [k, k, 4, 6 or 8], of which 3 and 5 channels are used.
    const output = run(new Pass(store, 'record', statistics), operator, x, site)
    expect(output.shape).toEqual(example.shape)
    expectClose(output, example.output)
    expectMoments(statistics, example.moments)

    const names = [...store.variables.keys()]
    const { loss, gradients } = lossGradients(
      () => run(new Pass(store, 'train', null), operator, x, site).mul(upstream).sum() as tf.Scalar, [x, ...store.variables.values()])
    expectClose(gradients[0]!, example.x)
    names.forEach((name, index) => {
      const gradient = gradients[index + 1]
      if (name in strangers) {
        expect(gradient).toBeNull()
        return
      }
      const { shape, gradient: expected } = example.weights[name]
      expect(gradient?.shape).toEqual(shape)
      expectClose(gradient!, expected)
      // Outside of the slice the gradient is zero, not merely small.
      gradient!.dataSync().forEach((value, place) => { if (expected[place] === 0 && name.endsWith('.weight')) expect(value).toBe(0) })
    })
    tf.dispose([x, upstream, output, loss, ...gradients.filter((gradient) => gradient !== null)])
    statistics.clear()
    store.dispose()
  })

  it('cover every operator at both strides, and leave a part of every filter out', () => {
    expect(new Set(fixture.operators.map(({ operator, stride }) => `${operator} ${stride}`)).size).toBe(2 * operators.length)
    for (const { weights } of fixture.operators) {
      for (const [name, { gradient }] of Object.entries(weights)) if (name.endsWith('.weight')) expect(gradient.filter((value) => value === 0).length).toBeGreaterThan(0)
    }
  })
})

describe('a cell with two predecessors', () => {
  it('mixes its outputs by beta, as in PyTorch, with one set of weights', () => {
    const example = fixture.cell
    const inputs = ['from down', 'from keep'].map((name) => formulaMap(name, [2, 8, 6, 3]))
    const alpha = tf.tensor1d(formulaValues('alpha', 5))
    const beta = tf.tensor1d(formulaValues('beta', 2))
    const upstream = { keep: formulaMap('dy keep', [2, 8, 6, 3]), down: formulaMap('dy down', [2, 4, 3, 5]) }
    const store = storeOf(example.weights)
    const statistics = new BatchStatistics('average')
    const outputs = (pass: Pass) => {
      const weights = tf.outerProduct(tf.softmax(beta), tf.softmax(alpha)).reshape([-1]) as tf.Tensor1D
      return cell(pass, 'cell', inputs, operators, { outChannels: 3, outWidth: 6, weights }, { outChannels: 5, outWidth: 8, weights })
    }
    const { keep, down } = outputs(new Pass(store, 'record', statistics))
    expectClose(keep, example.keep)
    expectClose(down!, example.down)
    expectMoments(statistics, example.moments)

    const { gradients } = lossGradients(() => {
      const { keep, down } = outputs(new Pass(store, 'train', null))
      return tf.add(keep.mul(upstream.keep).sum(), down!.mul(upstream.down).sum())
    }, [alpha, beta, ...inputs, ...store.variables.values()])
    expectClose(gradients[0]!, example.alpha)
    expectClose(gradients[1]!, example.beta)
    example.inputs.forEach((expected, index) => expectClose(gradients[index + 2]!, expected))
    Object.entries(example.weights).forEach(([name, { probe: expected }], index) => {
      const found = probe(name, gradients[index + 4]!.dataSync<'float32'>())
      expect(Math.abs(found[0] - expected[0]), name).toBeLessThan(2e-5 * expected[1])
      expect(Math.abs(found[1] - expected[1]), name).toBeLessThan(2e-5 * expected[1])
    })
    store.dispose()
    statistics.clear()
  })
})
