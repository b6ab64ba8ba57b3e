/**
 * Are the built-in street scenes hard enough? Three networks with about the same number of parameters and the same training: one with
 * receptive field and resolution, one that sees 15 x 15 pixels, one that decides at 1/32. The latter two must lose by `margin` mIoU.
 * Result: docs/results/streets-difficulty.md. `npm run bench -- streetsDifficulty [steps]`
 */
import { cpus } from 'node:os'
import { randomStream } from '../src/core/random.js'
import { openDataset } from '../src/engine/data/openDataset.js'
import { normaliseInto } from '../src/engine/data/normalisation.js'
import { openSampleSource, type SampleSource } from '../src/engine/data/sampleSource.js'
import { sampleOrder } from '../src/engine/data/sampleOrder.js'
import { scanDataset } from '../src/engine/data/scan.js'
import type { Dataset, SampleReference } from '../src/engine/data/dataset.js'
import { tf } from '../src/engine/tensor/tf.js'
import { settingsSchema } from '../src/shared/config/settings.js'

const margin = 0.05
const [height, width, batch, classes] = [128, 256, 4, 12]

/** A convolution of `kernel` x `kernel` with batch norm and ReLU, or bare. */
interface Layer {
  kernel: number
  channels: number
  stride?: number
}

/** Layers up to 1/4, the deep part, and whether the result of the first joins that of the second before two last layers. */
interface Design {
  name: string
  shallow: Layer[]
  deep: Layer[]
  joins: boolean
}

const stem: Layer[] = [
  { kernel: 3, channels: 16, stride: 2 },
  { kernel: 3, channels: 32, stride: 2 }
]
const trunk: Layer[] = [
  { kernel: 3, channels: 48, stride: 2 },
  { kernel: 3, channels: 64, stride: 2 },
  { kernel: 3, channels: 96, stride: 2 },
  { kernel: 3, channels: 96 },
  { kernel: 3, channels: 96 }
]
const designs: Design[] = [
  { name: 'both', shallow: stem, deep: trunk, joins: true },
  {
    name: 'no receptive field',
    shallow: stem,
    deep: [{ kernel: 3, channels: 96 }, ...[256, 256, 256, 256, 256].map((channels) => ({ kernel: 1, channels }))],
    joins: false
  },
  { name: 'no resolution', shallow: stem, deep: [...trunk, { kernel: 3, channels: 48 }], joins: false }
]

interface Network {
  parameters: number
  variables: tf.Variable[]
  /** Logits at the network's own resolution. */
  forward(images: tf.Tensor4D, training: boolean): tf.Tensor4D
}

function createNetwork(design: Design): Network {
  const draw = randomStream(1, `bench/${design.name}`)
  const variables: tf.Variable[] = []
  const kernel = (size: number, from: number, to: number): tf.Variable => {
    const deviation = Math.sqrt(2 / (size * size * from))
    const values = Float32Array.from({ length: size * size * from * to }, () => draw.normal() * deviation)
    const variable = tf.variable(tf.tensor4d(values, [size, size, from, to]))
    variables.push(variable)
    return variable
  }
  function block(layer: Layer, from: number): (x: tf.Tensor4D, training: boolean) => tf.Tensor4D {
    const { kernel: size, channels, stride = 1 } = layer
    const weights = kernel(size, from, channels)
    const scale = tf.variable(tf.ones([channels]))
    const shift = tf.variable(tf.zeros([channels]))
    variables.push(scale, shift)
    const mean = tf.variable(tf.zeros([channels]), false)
    const variance = tf.variable(tf.ones([channels]), false)
    return (x, training) => {
      const y = tf.conv2d(x, weights as tf.Tensor4D, stride, 'same')
      const now = training ? tf.moments(y, [0, 1, 2]) : { mean, variance }
      if (training) {
        mean.assign(tf.add(tf.mul(mean, 0.95), tf.mul(now.mean, 0.05)))
        variance.assign(tf.add(tf.mul(variance, 0.95), tf.mul(now.variance, 0.05)))
      }
      const normalised = tf.div(tf.sub(y, now.mean), tf.sqrt(tf.add(now.variance, 1e-5)))
      return tf.relu(tf.add(tf.mul(normalised, scale), shift))
    }
  }
  const chain = (layers: Layer[], from: number) => {
    const blocks = layers.map((layer, index) => block(layer, index === 0 ? from : layers[index - 1].channels))
    return (x: tf.Tensor4D, training: boolean) => blocks.reduce((map, next) => next(map, training), x)
  }
  const shallow = chain(design.shallow, 3)
  const shallowChannels = design.shallow[design.shallow.length - 1].channels
  const deep = chain(design.deep, shallowChannels)
  const deepChannels = design.deep[design.deep.length - 1].channels
  const join = design.joins ? block({ kernel: 3, channels: 48 }, shallowChannels + deepChannels) : undefined
  const last = kernel(1, design.joins ? 48 : deepChannels, classes)
  return {
    variables,
    parameters: variables.reduce((sum, variable) => sum + variable.size, 0),
    forward(images, training) {
      const quarter = shallow(images, training)
      const bottom = deep(quarter, training)
      const top = join ? join(tf.concat([quarter, enlarge(bottom, quarter.shape[1], quarter.shape[2])], 3), training) : bottom
      return tf.conv2d(top, last as tf.Tensor4D, 1, 'same')
    }
  }
}

function enlarge(map: tf.Tensor4D, toHeight: number, toWidth: number): tf.Tensor4D {
  return tf.image.resizeBilinear(map, [toHeight, toWidth], true)
}

async function load(
  source: SampleSource,
  references: SampleReference[],
  mirrored: boolean[]
): Promise<{ images: tf.Tensor4D; labels: Int32Array }> {
  const images = new Float32Array(references.length * height * width * 3)
  const labels = new Int32Array(references.length * height * width)
  for (const [index, reference] of references.entries()) {
    const { image, mask } = await source.sample(reference)
    normaliseInto(images, index * height * width * 3, width, image, height, width)
    labels.set(mask, index * height * width)
  }
  const plain = tf.tensor4d(images, [references.length, height, width, 3])
  if (!mirrored[0]) return { images: plain, labels }
  for (let row = 0; row < references.length * height; row++) labels.subarray(row * width, (row + 1) * width).reverse()
  const flipped = tf.reverse4d(plain, 2)
  plain.dispose()
  return { images: flipped, labels }
}

async function train(network: Network, dataset: Dataset, source: SampleSource, weights: number[], steps: number): Promise<void> {
  const optimizer = tf.train.adam(3e-3)
  const classWeight = tf.tensor1d(weights)
  for (let step = 0; step < steps; step++) {
    ;(optimizer as unknown as { learningRate: number }).learningRate = 3e-3 * (1 - step / steps) ** 0.9
    const chosen = sampleOrder(1, 'bench', step, batch, dataset.train.length).map((place) => dataset.train[place])
    const { images, labels } = await load(source, chosen, [randomStream(1, 'bench/flip', step).uniform() < 0.5])
    tf.tidy(() => {
      const truth = tf.tensor1d(labels, 'int32')
      optimizer.minimize(
        () => {
          const logits = enlarge(network.forward(images, true), height, width).reshape([-1, classes])
          const taken = tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(truth, classes)), 1)
          const weight = tf.gather(classWeight, truth)
          return tf.neg(tf.div(tf.sum(tf.mul(taken, weight)), tf.sum(weight)))
        },
        false,
        network.variables
      )
    })
    images.dispose()
    if (step % 50 === 49) console.log(`  step ${step + 1} of ${steps}`)
  }
}

async function judge(network: Network, dataset: Dataset, source: SampleSource): Promise<number[]> {
  const confusion = Array.from({ length: classes }, () => new Float64Array(classes))
  for (const reference of dataset.val) {
    const { images, labels } = await load(source, [reference], [false])
    const found = tf.tidy(() => enlarge(network.forward(images, false), height, width).argMax(3).dataSync())
    images.dispose()
    for (const [pixel, label] of labels.entries()) confusion[label][found[pixel]]++
  }
  return confusion.map((row, id) => {
    const union = row.reduce((sum, count) => sum + count, 0) + confusion.reduce((sum, other) => sum + other[id], 0) - row[id]
    return row[id] / union
  })
}

export async function main([steps = '500']: string[]): Promise<void> {
  const settings = { ...settingsSchema.parse({}).data, height, width, streetsTrain: 300, streetsVal: 60 }
  const dataset = await openDataset(settings, 1)
  const source = openSampleSource(dataset, { threads: 0 })
  const { suggestedWeights } = await scanDataset(dataset, undefined, source)
  console.log(
    `${cpus()[0].model}, ${cpus().length} threads; ${steps} steps of ${batch} scenes of ${height}x${width}; dataset ${dataset.digest.slice(0, 12)}`
  )
  const results: { name: string; mean: number }[] = []
  for (const design of designs) {
    const network = createNetwork(design)
    const start = performance.now()
    await train(network, dataset, source, suggestedWeights, Number(steps))
    const scores = await judge(network, dataset, source)
    const mean = scores.reduce((sum, score) => sum + score, 0) / classes
    results.push({ name: design.name, mean })
    console.log(
      `| ${design.name} | ${network.parameters} | ${mean.toFixed(3)} | ${scores.map((score) => score.toFixed(2)).join(' | ')} | ${((performance.now() - start) / 1000).toFixed(0)} s |`
    )
  }
  const lost = results.slice(1).map(({ name, mean }) => `${name}: ${(mean - results[0].mean).toFixed(3)}`)
  const enough = results.slice(1).every(({ mean }) => mean <= results[0].mean - margin)
  console.log(`${lost.join(', ')}. ${enough ? 'Both lose' : 'Not both lose'} by at least ${margin}.`)
}
