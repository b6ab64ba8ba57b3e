/** The published student at base width 3 against PyTorch (fixtures/publishedStudent.py): training with its auxiliary heads, and deployment. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Architecture } from '../../../src/shared/architecture.js'
import { randomWeights } from '../../../src/engine/graph/randomWeights.js'
import { TrainedNetwork } from '../../../src/engine/network/derived/trainedNetwork.js'
import { lossGradients } from '../../../src/engine/tensor/gradients.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { derivedGraph } from '../../../src/core/networkBuilder.js'
import { publishedStudent } from '../../unit/core/publishedStudent.js'
import { expectClose } from '../tensor/expectClose.js'
import { formulaValues, formulaWeight, probe } from './formulaValues.js'

type Probes = Record<string, [number, number]>

interface StudentFixture {
  baseWidth: number
  classes: number
  height: number
  width: number
  image: string
  /** Every how many-th number of the logits is kept, at full size and at 1/8. */
  every: [number, number]
  logits: number[][]
  logitsAt8: number[][]
  evaluated: number[]
  gradients: Probes
  running: Probes
}

const fixture = JSON.parse(readFileSync(new URL('../fixtures/publishedStudent.json', import.meta.url), 'utf8')) as StudentFixture
const { height, width, classes } = fixture
const architecture: Architecture = { ...publishedStudent([32, 16]), baseWidth: fixture.baseWidth, classes }

const thinned = (map: tf.Tensor, every: number): tf.Tensor1D => tf.tensor1d(map.dataSync().filter((_, index) => index % every === 0))

function expectProbe(name: string, found: tf.Tensor, expected: [number, number], tolerance: number): void {
  const [product, length] = probe(name, found.dataSync<'float32'>())
  expect(Math.abs(product - expected[0]), name).toBeLessThan(tolerance * expected[1])
  expect(Math.abs(length - expected[1]), name).toBeLessThan(tolerance * expected[1])
}

describe('the published student', () => {
  let network: TrainedNetwork
  let images: tf.Tensor4D

  beforeAll(() => {
    const named = randomWeights(derivedGraph(architecture, { height, width, auxiliaryHeads: true }), 1)
    network = new TrainedNetwork(architecture, new Map([...named].map(([name, { shape }]) => [name, formulaWeight(name, shape)])), true)
    images = tf.tensor4d(formulaValues(fixture.image, 2 * height * width * 3), [2, height, width, 3])
  })
  afterAll(() => {
    network.dispose()
    images.dispose()
  })

  it('has the weights of the published network, and no others', () => {
    expect([...network.store.variables.keys()].sort()).toEqual(Object.keys(fixture.gradients).sort())
    expect([...network.statistics.read().keys()].sort()).toEqual(Object.keys(fixture.running).sort())
  })

  it('evaluates with running statistics', () => {
    const logits = network.forward(images)
    expect(logits.shape).toEqual([2, height, width, classes])
    expectClose(thinned(logits, fixture.every[0]), fixture.evaluated, 1e-4)
    logits.dispose()
  })

  it('trains with batch statistics: logits of the main and both auxiliary heads, gradients of every weight', () => {
    const { loss, gradients } = lossGradients(() => {
      const logits = network.trainingLogits(images, 'train', 1)
      expect(logits).toHaveLength(3)
      logits.forEach((map, head) => {
        expect(map.shape).toEqual([2, height, width, classes])
        expectClose(thinned(map, fixture.every[0]), fixture.logits[head], 1e-4)
      })
      return tf.addN(logits.map((map, head) => map.mul(tf.tensor4d(formulaValues(`dy ${head}`, map.size), map.shape)).sum())) as tf.Scalar
    }, [...network.store.variables.values()])
    const names = [...network.store.variables.keys()]
    gradients.forEach((gradient, index) => expectProbe(names[index], gradient!, fixture.gradients[names[index]], 1e-4))
    tf.dispose([loss, ...gradients.filter((gradient) => gradient !== null)])
  })

  it('gives the same logits at the stride where the losses are taken', () => {
    const logits = tf.tidy(() => network.trainingLogits(images, 'train', 8).map((map) => tf.keep(map)))
    logits.forEach((map, head) => {
      expect(map.shape).toEqual([2, height / 8, width / 8, classes])
      expectClose(thinned(map, fixture.every[1]), fixture.logitsAt8[head], 1e-4)
    })
    tf.dispose(logits)
  })

  it('moves its running statistics as PyTorch does', () => {
    tf.tidy(() => void network.trainingLogits(images, 'record', 8))
    for (const [name, { data }] of network.statistics.read()) expectProbe(name, tf.tensor1d(data), fixture.running[name], 1e-5)
  })
})
