import { describe, expect, it } from 'vitest'
import { compareLogits } from '../../../../src/engine/export/compareLogits.js'
import { checkParity } from '../../../../src/engine/export/parity.js'
import type { ReopenedModel } from '../../../../src/engine/export/parity.js'

const shape = { height: 1, width: 3, channels: 2 }
/** Three pixels of two classes; the classes are 0, 1, 0. */
const reference = Float32Array.of(4, 1, -2, 3, 2, 1)

describe('compareLogits', () => {
  it('finds nothing between equal logits, in either layout', () => {
    const equal = { largestDifference: 0, largestRelativeDifference: 0, argmaxAgreement: 1 }
    expect(compareLogits(reference, reference, shape, 'NHWC')).toEqual(equal)
    expect(compareLogits(reference, Float32Array.of(4, -2, 2, 1, 3, 1), shape, 'NCHW')).toEqual(equal)
  })

  it('gives the largest difference, its share of the largest logit, and the share of pixels of one class', () => {
    const found = Float32Array.of(4, 1, -2, 3, 2, 4)
    expect(compareLogits(reference, found, shape, 'NHWC')).toEqual({
      largestDifference: 3,
      largestRelativeDifference: 0.75,
      argmaxAgreement: 2 / 3
    })
  })

  it.each([
    ['NaN', Float32Array.of(NaN, 1, -2, 3, 2, 1)],
    ['infinity', Float32Array.of(4, 1, -2, 3, 2, -Infinity)],
    ['too few logits', Float32Array.of(4, 1, -2, 3, 2)]
  ])('counts %s as an infinite difference', (_, found) => {
    expect(compareLogits(reference, found, shape, 'NHWC').largestDifference).toBe(Infinity)
  })
})

describe('checkParity', () => {
  const model = (run: ReopenedModel['run']): ReopenedModel => ({ format: 'onnx', runtime: 'some runtime', layout: 'NHWC', run })
  const images = ['a', 'b'].map((name) => ({ name, image: Float32Array.of(name === 'a' ? 0 : 1e-4) }))

  it('reports each image, and the worst of all', async () => {
    const close = model((image) => reference.map((value) => value + image[0]))
    const report = await checkParity([close], images, () => reference, shape)
    expect(report.models).toHaveLength(1)
    expect(report.models[0].images.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(report.models[0].images[0].largestDifference).toBe(0)
    expect(report.models[0].largestDifference).toBeCloseTo(1e-4, 6)
    expect(report.models[0].argmaxAgreement).toBe(1)
  })

  it.each([
    ['a difference', () => reference.map((value) => value * 1.01)],
    ['another class', () => Float32Array.of(4, 1, -2, 3, 2, 2.001)],
    ['NaN', () => new Float32Array(6).fill(NaN)]
  ])('refuses %s by name', async (_, run) => {
    const attempt = checkParity([model(run)], images, () => reference, shape)
    await expect(attempt).rejects.toMatchObject({ code: 'export.mismatch', message: expect.stringMatching(/onnx file.*some runtime.* on a:/) as string })
  })

  it('refuses to compare nothing', async () => {
    await expect(checkParity([model(() => reference)], [], () => reference, shape)).rejects.toMatchObject({ code: 'internal' })
  })
})
