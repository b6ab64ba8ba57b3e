import { expect, it } from 'vitest'
import { accumulate } from '../../../src/engine/tensor/accumulate.js'
import { clipByGlobalNorm } from '../../../src/engine/tensor/clipByGlobalNorm.js'
import { convNorm } from '../../../src/engine/tensor/convNorm.js'
import { convNormEval } from '../../../src/engine/tensor/normEval.js'
import { convolution } from '../../../src/engine/tensor/convolution.js'
import { countKernels } from '../../../src/engine/tensor/countKernels.js'
import { crossEntropy, pixelLabels } from '../../../src/engine/tensor/crossEntropy.js'
import { lossGradients } from '../../../src/engine/tensor/gradients.js'
import { kaimingNormal } from '../../../src/core/kaimingNormal.js'
import { norm, type NormOutput } from '../../../src/engine/tensor/norm.js'
import { relu } from '../../../src/engine/tensor/relu.js'
import { resizeBilinear } from '../../../src/engine/tensor/resizeBilinear.js'
import { SgdMomentum } from '../../../src/engine/tensor/sgdMomentum.js'
import { shiftOnePixel } from '../../../src/engine/tensor/shiftOnePixel.js'
import { sliceFilter } from '../../../src/engine/tensor/sliceFilter.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { weightedSum } from '../../../src/engine/tensor/weightedSum.js'

type Layer = Record<'filter' | 'scale' | 'offset', tf.Variable>

/** A network with every kernel in it: stem, two operators mixed by architecture weights, a slimmed skip, resize, head. */
function smallNetwork(): { variables: Map<string, tf.Variable>; forward: (images: tf.Tensor4D) => tf.Tensor4D } {
  const variables = new Map<string, tf.Variable>()
  const add = (name: string, value: tf.Tensor): tf.Variable => {
    const variable = tf.variable(value, true, `memory/${name}/${variables.size}/${Date.now()}`)
    variables.set(variable.name, variable)
    value.dispose()
    return variable
  }
  const filter = (name: string, shape: [number, number, number, number]): tf.Variable =>
    add(name, tf.tensor4d(kaimingNormal(shape, 1, name), shape))
  const layer = (name: string, shape: [number, number, number, number]): Layer => ({
    filter: filter(`${name}/filter`, shape),
    scale: add(`${name}/scale`, tf.ones([shape[3]])),
    offset: add(`${name}/offset`, tf.zeros([shape[3]]))
  })
  const stem = layer('stem', [3, 3, 3, 8])
  const cell = layer('cell', [3, 3, 8, 8])
  const skip = layer('skip', [1, 1, 16, 16])
  const head = filter('head', [1, 1, 8, 4])
  const alpha = add('alpha', tf.tensor1d([0.001, 0.002]))
  const run = (x: tf.Tensor4D, { filter, scale, offset }: Layer, stride: 1 | 2): tf.Tensor4D =>
    convNorm(x, filter as tf.Tensor4D, scale as unknown as tf.Tensor1D, offset as unknown as tf.Tensor1D, { stride, relu: true }).output
  const forward = (images: tf.Tensor4D): tf.Tensor4D => {
    const entered = run(images, stem, 2)
    const sliced = sliceFilter(skip.filter as tf.Tensor4D, 8, 8)
    const narrow = convolution(shiftOnePixel(entered), sliced, { stride: 2 })
    const scale = (skip.scale as unknown as tf.Tensor1D).slice(0, 8)
    const skipped = norm(narrow, scale, (skip.offset as unknown as tf.Tensor1D).slice(0, 8), { relu: false }).output
    const mixed = weightedSum([run(entered, cell, 2), relu(skipped)], tf.softmax(alpha as unknown as tf.Tensor1D))
    return convolution(resizeBilinear(mixed, [16, 16]), head as tf.Tensor4D, { stride: 1 })
  }
  return { variables, forward }
}

it('100 training steps leak no tensor and learn', () => {
  const { variables, forward } = smallNetwork()
  const images = tf.randomNormal([2, 32, 32, 3], 0, 1, 'float32', 3) as tf.Tensor4D
  // Class by the sign of the first channel in every 2x2 block: can be learnt.
  const labels = tf.tidy(() => (images.slice([0, 0, 0, 0], [2, 32, 32, 1]) as tf.Tensor4D).avgPool(2, 2, 'valid').squeeze([3])
    .greater(0).cast('int32')) as tf.Tensor3D
  const weightOptimizer = new SgdMomentum({ momentum: 0.9, weightDecay: 5e-4 })
  const architectureOptimizer = new SgdMomentum({ momentum: 0, weightDecay: 0 })
  const losses: number[] = []

  function backward(): Map<string, tf.Tensor> {
    const prepared = pixelLabels(labels)
    const names = [...variables.keys()]
    const { loss, gradients } = lossGradients(() => crossEntropy(forward(images), prepared).mean() as tf.Scalar, [...variables.values()])
    losses.push(loss.dataSync()[0])
    tf.dispose([loss, prepared.classes, prepared.valid])
    return new Map(gradients.map((gradient, index): [string, tf.Tensor] => [names[index], gradient!]))
  }

  function step(): void {
    const gradients = new Map<string, tf.Tensor>()
    for (let pass = 0; pass < 2; pass++) accumulate(gradients, backward())
    clipByGlobalNorm(gradients, 5)
    const alphaNames = [...gradients.keys()].filter((name) => name.includes('alpha'))
    const ofArchitecture = new Map(alphaNames.map((name) => [name, gradients.get(name)!]))
    const ofWeights = new Map([...gradients].filter(([name]) => !alphaNames.includes(name)))
    expect(ofArchitecture.size).toBe(1)
    weightOptimizer.apply(variables, ofWeights, 0.02)
    architectureOptimizer.apply(variables, ofArchitecture, 3e-4)
    tf.dispose([...gradients.values()])
  }

  step() // velocities, moments and constants come to be
  const before = tf.memory()
  for (let count = 1; count < 100; count++) step()
  const after = tf.memory()
  expect(after.numTensors).toBe(before.numTensors)
  expect(after.numDataBuffers).toBe(before.numDataBuffers)
  expect(after.numBytes).toBe(before.numBytes)
  expect(losses.at(-1)).toBeLessThan(losses[0] * 0.8)
})

it('kernels leave only their output, recording or not', () => {
  const x = tf.randomNormal([1, 4, 4, 2]) as tf.Tensor4D
  const twoRuns = tf.randomNormal([2, 4, 4, 2]) as tf.Tensor4D
  const filter = tf.randomNormal([3, 3, 2, 2]) as tf.Tensor4D
  const [scale, offset, mean, variance] = Array.from({ length: 4 }, () => tf.ones([2]) as tf.Tensor1D)
  const labels = tf.zeros([1, 4, 4], 'int32') as tf.Tensor3D
  const tensorsOf = ({ output, moments }: NormOutput): tf.Tensor[] => [output, ...moments.flatMap(({ mean, variance }) => [mean, variance])]
  const kernels: Record<string, () => tf.Tensor[]> = {
    convolution: () => [convolution(x, filter, { stride: 2 })],
    convNorm: () => tensorsOf(convNorm(x, filter, scale, offset, { stride: 1, relu: true })),
    'convNorm in two runs': () => tensorsOf(convNorm(twoRuns, filter, scale, offset, { stride: 1, relu: true, runs: 2 })),
    norm: () => tensorsOf(norm(x, scale, offset, { relu: true })),
    'norm in two runs': () => tensorsOf(norm(twoRuns, scale, offset, { relu: true, runs: 2 })),
    convNormEval: () => [convNormEval(x, filter, scale, offset, { mean, variance }, { stride: 1, relu: true })],
    relu: () => [relu(x)],
    resizeBilinear: () => [resizeBilinear(x, [3, 5])],
    weightedSum: () => [weightedSum([x, x], scale)],
    'weightedSum of two runs': () => [weightedSum([twoRuns], scale, 2)],
    shiftOnePixel: () => [shiftOnePixel(x)],
    sliceFilter: () => [sliceFilter(filter, 1, 1)],
    crossEntropy: () => [crossEntropy(x, labels)]
  }
  const stranger = tf.scalar(2)
  const differentiate = (kernel: () => tf.Tensor[], by: tf.Tensor): void => {
    tf.tidy(() => { tf.grad((by) => by.sum().mul(kernel()[0].sum()))(by) })
  }
  for (const [name, kernel] of Object.entries(kernels)) {
    tf.dispose(kernel())
    for (const by of [x, filter, scale]) differentiate(kernel, by) // constants come to be
    const before = tf.memory().numTensors
    const outputs = kernel()
    expect(tf.memory().numTensors - before, name).toBe(outputs.length)
    tf.dispose(outputs)
    for (const by of [x, filter, scale]) differentiate(kernel, by)
    expect(tf.memory().numTensors, `${name}, with its gradients`).toBe(before)
    differentiate(kernel, stranger)
    expect(tf.memory().numTensors, `${name}, recorded but not needed`).toBe(before)
  }
})

it('countKernels counts ours and stock ones by name', () => {
  const x = tf.randomNormal([1, 4, 4, 2]) as tf.Tensor4D
  const filter = tf.randomNormal([3, 3, 2, 2]) as tf.Tensor4D
  const ones = tf.ones([2]) as tf.Tensor1D
  const { result, total, byName } = countKernels(() => convNorm(x, filter, ones, ones, { stride: 1, relu: true }).output.square())
  expect(result.shape).toEqual([1, 4, 4, 2])
  expect(Object.fromEntries(byName)).toEqual({ Conv2D: 1, FusedBatchNormV3: 1, Relu: 1, Square: 1 })
  expect(total).toBe(4)
  const second = countKernels(() => x.add(x))
  expect(Object.fromEntries(second.byName)).toEqual({ Add: 1 })
})
