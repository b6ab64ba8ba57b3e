/** lossGradients against tfjs's own walk over the same tape. */
import { describe, expect, it } from 'vitest'
import { convNorm } from '../../../src/engine/tensor/convNorm.js'
import { lossGradients } from '../../../src/engine/tensor/gradients.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { expectClose } from './expectClose.js'

const random = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed)

function disposeAll(tensors: (tf.Tensor | null | undefined)[]): void {
  tensors.forEach((tensor) => tensor?.dispose())
}

/** Our gradients must be those of tf.grads, and nothing but loss and gradients may stay. */
function compare(loss: (...sources: tf.Tensor[]) => tf.Tensor, sources: tf.Tensor[]): void {
  const warm = lossGradients(() => loss(...sources) as tf.Scalar, sources) // constants come to be
  disposeAll([warm.loss, ...warm.gradients])
  const before = tf.memory().numTensors
  const ours = lossGradients(() => loss(...sources) as tf.Scalar, sources)
  expect(tf.memory().numTensors - before).toBe(1 + ours.gradients.filter((gradient) => gradient !== null).length)
  const theirs = tf.engine().gradients(() => loss(...sources), sources, undefined, true)
  expectClose(ours.loss, theirs.value.dataSync())
  ours.gradients.forEach((gradient, index) => {
    const expected = theirs.grads[index] as tf.Tensor | undefined
    if (gradient === null) expect(expected).toBeUndefined()
    else expectClose(gradient, expected?.dataSync() ?? [])
  })
  disposeAll([ours.loss, ...ours.gradients, theirs.value, ...theirs.grads])
  expect(tf.memory().numTensors).toBe(before)
}

describe('lossGradients is tfjs\'s walk', () => {
  it.each<[string, (...sources: tf.Tensor[]) => tf.Tensor, tf.Tensor[]]>([
    ['one operation', (a) => a.square().sum(), [random([3, 2], 1)]],
    ['a tensor used many times', (a, b) => a.mul(b).add(a).sub(a.square()).add(a).sum(), [random([4], 1), random([4], 2)]],
    ['gradients handed through', (a, b) => a.add(b).add(a).sum(), [random([2, 3], 1), random([2, 3], 2)]],
    ['the same tensor as both inputs', (a) => a.mul(a).sum(), [random([5], 1)]],
    ['broadcasting', (a, b) => a.mul(b).sum(), [random([3, 4], 1), random([4], 2)]],
    ['several outputs, one unused', (a) => tf.split(a, 3)[1].square().sum(), [random([6], 1)]],
    ['list inputs', (a, b) => tf.concat([a, b, a]).square().sum(), [random([3], 1), random([2], 2)]],
    ['a source that the loss does not see', (a, b) => { b.square().dispose(); return a.exp().sum() }, [random([3], 1), random([3], 2)]],
    ['views', (a) => a.reshape([2, 6]).transpose().slice([1, 0], [3, 2]).square().sum(), [random([3, 4], 1)]]
  ])('%s', (_, loss, sources) => {
    compare(loss, sources)
  })

  it('through our own layers, one of them used twice', () => {
    const x = random([2, 8, 8, 4], 1)
    compare((filter, scale, offset) => {
      const layer = (input: tf.Tensor): tf.Tensor4D =>
        convNorm(input as tf.Tensor4D, filter as tf.Tensor4D, scale as tf.Tensor1D, offset as tf.Tensor1D, { stride: 1, relu: true }).output
      return tf.tidy(() => layer(layer(x)).mul(x).sum())
    }, [random([3, 3, 4, 4], 2), random([4], 3), random([4], 4)])
  })
})

it('the same source twice gives two gradients, each the caller\'s own', () => {
  const a = tf.tensor1d([1, 2])
  const { gradients } = lossGradients(() => a.square().sum() as tf.Scalar, [a, a])
  gradients[0]!.dispose()
  expect([...gradients[1]!.dataSync()]).toEqual([2, 4])
})

it('frees maps and gradients on the way: tfjs holds all of them to the end', () => {
  const x = random([1, 16, 16, 8], 1) as tf.Tensor4D
  const filter = random([3, 3, 8, 8], 2) as tf.Tensor4D
  const vector = tf.ones([8]) as tf.Tensor1D
  const layers = 12
  const peaks: number[] = []
  let base = 0
  // Reports the bytes alive when the gradient arrives at the first layer: the end of the walk.
  const probe = tf.customGrad(((input: tf.Tensor) => ({
    value: input.clone(),
    gradFunc: (dy: tf.Tensor) => {
      peaks.push(tf.memory().numBytes - base)
      return dy.clone()
    }
  })) as unknown as Parameters<typeof tf.customGrad>[0])
  const loss = (): tf.Scalar => {
    let map = probe(x) as tf.Tensor4D
    for (let layer = 0; layer < layers; layer++) map = convNorm(map, filter, vector, vector, { stride: 1, relu: true }).output
    return map.sum() as tf.Scalar
  }
  base = tf.memory().numBytes
  tf.dispose([lossGradients(loss, [x]).gradients as tf.Tensor[]])
  base = tf.memory().numBytes
  tf.dispose(tf.engine().gradients(loss, [x]).grads)
  const [ours, theirs] = peaks
  expect(ours).toBeLessThan(x.size * 4 * 6)
  expect(theirs).toBeGreaterThan(x.size * 4 * layers * 2)
})

it('leaves nothing behind when the loss or a gradient throws', () => {
  const a = tf.tensor1d([1, 2])
  const broken = tf.customGrad(((input: tf.Tensor) => ({
    value: input.square(),
    gradFunc: () => { throw new Error('no gradient today') }
  })) as unknown as Parameters<typeof tf.customGrad>[0])
  const before = tf.memory().numTensors
  expect(() => lossGradients(() => { a.square().exp(); throw new Error('no loss today') }, [a])).toThrow('no loss today')
  expect(() => lossGradients(() => broken(a.exp()).exp().sum() as tf.Scalar, [a])).toThrow('no gradient today')
  expect(tf.memory().numTensors).toBe(before)
  const { loss, gradients } = lossGradients(() => a.sum() as tf.Scalar, [a])
  expect([...gradients[0]!.dataSync()]).toEqual([1, 1])
  tf.dispose([loss, gradients[0]!])
})

it('refuses a gradient within a gradient', () => {
  const a = tf.tensor1d([1, 2])
  expect(() => tf.grad((x) => lossGradients(() => x.sum() as tf.Scalar, [x]).loss)(a)).toThrow('within a gradient')
})
