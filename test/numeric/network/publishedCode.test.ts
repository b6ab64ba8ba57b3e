/**
 * Derived networks against the published code itself (fixtures/publishedDerived.py): the published student, and a random architecture whose
 * channels are odd numbers. Largest relative difference 1e-4.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deriveArchitecture } from '../../../src/core/derive.js'
import { derivedGraph } from '../../../src/core/networkBuilder.js'
import { writeOnnx } from '../../../src/engine/graph/onnx.js'
import { randomWeights } from '../../../src/engine/graph/randomWeights.js'
import { openSession } from '../../../src/engine/graph/session.js'
import { TrainedNetwork } from '../../../src/engine/network/derived/trainedNetwork.js'
import { lossGradients } from '../../../src/engine/tensor/gradients.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import type { Architecture, ArchitectureLogits, Scale } from '../../../src/shared/architecture.js'
import { publishedStudent } from '../../unit/core/publishedStudent.js'
import { expectClose } from '../tensor/expectClose.js'
import { formulaValues, formulaWeight, probe } from './formulaValues.js'

type Probes = Record<string, [number, number]>

interface DerivedCase {
  layers: number
  baseWidth: number
  finalScales: Scale[]
  image: string
  /** Every `every`-th number of the main logits and those at 1/16 and 1/32, in train mode. */
  logits: number[][]
  /** Of the main logits in evaluation mode. */
  evaluated: number[]
  gradients: Probes
  /** Running statistics after the one batch in train mode. */
  running: Probes
}

interface Fixture {
  classes: number
  height: number
  width: number
  every: number
  student: DerivedCase
  random: DerivedCase & { case: number }
}

const fixtures = new URL('../fixtures/', import.meta.url)
const fixture = JSON.parse(readFileSync(new URL('publishedDerived.json', fixtures), 'utf8')) as Fixture
const { height, width, classes, every } = fixture
const tolerance = 1e-4

function randomArchitecture(): Architecture {
  const { case: index, layers, baseWidth, finalScales } = fixture.random
  const decode = JSON.parse(readFileSync(new URL('../../fixtures/fasterseg/decode.json', fixtures), 'utf8')) as { cases: { logits: ArchitectureLogits }[] }
  const space = { layers, baseWidth, widths: [4, 6, 8, 10, 12], studentStemWidth: 8, classes }
  return deriveArchitecture(space, decode.cases[index].logits, { finalScales, rules: 'published', forbidSkip: false, stemWidth: 8, name: 'random' })
}

const architectures = {
  student: { ...publishedStudent([32, 16]), baseWidth: fixture.student.baseWidth, classes },
  random: randomArchitecture()
}

const thinned = (numbers: ArrayLike<number>): tf.Tensor1D => tf.tensor1d(Array.from(numbers).filter((_, index) => index % every === 0))

function expectProbes(found: Map<string, ArrayLike<number>>, expected: Probes): void {
  expect([...found.keys()].sort()).toEqual(Object.keys(expected).sort())
  for (const [name, numbers] of found) {
    const [product, length] = probe(name, Float32Array.from(numbers))
    expect(Math.abs(product - expected[name][0]), name).toBeLessThan(tolerance * expected[name][1])
    expect(Math.abs(length - expected[name][1]), name).toBeLessThan(tolerance * expected[name][1])
  }
}

describe.each(['student', 'random'] as const)('the %s network of the published code', (name) => {
  const expected = fixture[name]
  const architecture = architectures[name]
  const shapes = randomWeights(derivedGraph(architecture, { height, width, auxiliaryHeads: true }), 1)
  const weights = new Map([...shapes].map(([weight, { shape }]) => [weight, formulaWeight(weight, shape)]))
  const pixels = formulaValues(expected.image, 2 * height * width * 3)
  let network: TrainedNetwork
  let images: tf.Tensor4D

  beforeAll(() => {
    network = new TrainedNetwork(architecture, weights, true)
    images = tf.tensor4d(pixels, [2, height, width, 3])
  })
  afterAll(() => {
    network.dispose()
    images.dispose()
  })

  it('evaluates alike', () => {
    const logits = network.forward(images)
    expectClose(thinned(logits.dataSync()), expected.evaluated, tolerance)
    logits.dispose()
  })

  it.each([true, false])('gives the same logits as an ONNX file (norms folded: %s)', async (foldNorm) => {
    const graph = derivedGraph(architecture, { height, width, auxiliaryHeads: false })
    const session = await openSession(writeOnnx(graph, weights, { foldNorm }), { threads: 1 })
    const found: number[] = []
    for (const image of [0, 1]) {
      // ONNX is [channels, height, width], the fixture [height, width, channels].
      const planes = channelsFirst(pixels.subarray(image * height * width * 3, (image + 1) * height * width * 3), 3)
      const output = (await session.run(planes)).get('logits')
      expect(output?.shape).toEqual([1, classes, height, width])
      for (let pixel = 0; pixel < height * width; pixel++) {
        for (let channel = 0; channel < classes; channel++) found.push(Number(output?.data[channel * height * width + pixel]))
      }
    }
    await session.close()
    expectClose(thinned(found), expected.evaluated, tolerance)
  })

  it('trains alike: logits of all heads, gradients of every weight', () => {
    const { loss, gradients } = lossGradients(() => {
      const logits = network.trainingLogits(images, 'train', 1)
      expect(logits).toHaveLength(expected.logits.length)
      logits.forEach((map, head) => expectClose(thinned(map.dataSync()), expected.logits[head], tolerance))
      return tf.addN(logits.map((map, head) => map.mul(tf.tensor4d(formulaValues(`dy ${head}`, map.size), map.shape)).sum())) as tf.Scalar
    }, [...network.store.variables.values()])
    const names = [...network.store.variables.keys()]
    expectProbes(new Map(gradients.map((gradient, index) => [names[index], gradient!.dataSync<'float32'>()])), expected.gradients)
    tf.dispose([loss, ...gradients.filter((gradient) => gradient !== null)])
  })

  it('moves its running statistics alike', () => {
    tf.tidy(() => void network.trainingLogits(images, 'record', 8))
    expectProbes(new Map([...network.statistics.read()].map(([statistic, { data }]) => [statistic, data])), expected.running)
  })
})

function channelsFirst(pixels: Float32Array, channels: number): Float32Array {
  const count = pixels.length / channels
  return Float32Array.from(pixels, (_, index) => pixels[(index % count) * channels + Math.floor(index / count)])
}
