import { describe, expect, it } from 'vitest'
import { confusionOf } from '../../../src/core/confusion.js'
import { scoresOf } from '../../../src/core/metrics.js'
import { randomStream } from '../../../src/core/random.js'
import { evaluateNetwork } from '../../../src/engine/evaluate/evaluate.js'
import type { EvaluationSample } from '../../../src/engine/evaluate/evaluate.js'
import { predictedMask } from '../../../src/engine/tensor/predictedMask.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { scoreNames } from '../../../src/shared/events.js'

const classes = 4

/** The image carries a class per pixel in its red channel; the "network" below reads it off. */
function sampleOf(step: number, height: number, width: number, errors: number): EvaluationSample {
  const random = randomStream(9, 'test/evaluate', step)
  const mask = Uint8Array.from({ length: height * width }, () => (random.uniform() < 0.1 ? 255 : random.integer(classes)))
  const image = new Uint8Array(height * width * 3)
  mask.forEach((label, index) => { image[index * 3] = random.uniform() < errors ? random.integer(classes) : label % classes })
  return { id: `val/${step}`, height, width, image, mask }
}

/** Padded below and on the right to a multiple of 8, with a value that would be class 0. */
function toInput({ image, height, width }: EvaluationSample): tf.Tensor4D {
  const padding: [number, number][] = [[0, 0], [0, (8 - (height % 8)) % 8], [0, (8 - (width % 8)) % 8], [0, 0]]
  return tf.pad4d(tf.tensor4d(image, [1, height, width, 3], 'float32'), padding as [[number, number], [number, number], [number, number], [number, number]])
}

const forward = (images: tf.Tensor4D): tf.Tensor4D =>
  tf.oneHot(tf.slice(images, [0, 0, 0, 0], [-1, -1, -1, 1]).squeeze([3]).cast('int32') as tf.Tensor3D, classes).cast('float32')

describe('evaluation at full size', () => {
  const samples = [sampleOf(1, 13, 22, 0), sampleOf(2, 16, 8, 0.6), sampleOf(3, 7, 31, 0.2)]

  it('counts the original pixels of all images in one matrix, whatever their sizes', async () => {
    const { confusion, scores, images } = await evaluateNetwork({ classes, samples, toInput, forward })
    const truth = Uint8Array.from(samples.flatMap((sample) => [...sample.mask]))
    const predicted = Uint8Array.from(samples.flatMap((sample) => [...sample.image].filter((_, index) => index % 3 === 0)))
    expect(confusion).toEqual(confusionOf(truth, predicted, classes))
    expect(scores).toEqual(scoresOf(confusion))
    expect(images.map(({ id }) => id)).toEqual(['val/2', 'val/3', 'val/1'])
    expect(images[2]).toEqual({ id: 'val/1', meanIoU: 1, pixelAccuracy: 1 })
  })

  it('adds boundary and small-object IoU when asked, 1 for a perfect network', async () => {
    const perfect = await evaluateNetwork({ classes, samples: samples.slice(0, 1), toInput, forward, detailed: true })
    expect(perfect.scores.boundaryIoU).toBe(1)
    const worse = await evaluateNetwork({ classes, samples, toInput, forward, detailed: true })
    expect(worse.scores.boundaryIoU).toBeGreaterThan(0)
    expect(worse.scores.boundaryIoU).toBeLessThan(1)
  })

  it('counts every score there is', async () => {
    const large = [sampleOf(4, 96, 160, 0.2)] // so that single pixels are small objects
    const { scores } = await evaluateNetwork({ classes, samples: large, toInput, forward, detailed: true })
    for (const name of scoreNames) expect([name, typeof scores[name]]).toEqual([name, 'number'])
  })

  it('leaves no tensor behind and tells how far it is', async () => {
    const done: number[] = []
    const run = () => evaluateNetwork({ classes, samples, toInput, forward, afterImage: (count) => { done.push(count) } })
    await run()
    const before = tf.memory().numTensors
    await run()
    expect(tf.memory().numTensors).toBe(before)
    expect(done).toEqual([1, 2, 3, 1, 2, 3])
  })

  it('refuses logits smaller than the image', () => {
    expect(() => predictedMask(tf.zeros([1, 8, 8, 3]), 9, 8)).toThrow('expected logits [1, >= 9, >= 8, C], found [1, 8, 8, 3]')
  })
})
