import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeGraphModel } from '../../../src/engine/graph/graphModel.js'
import { writeOnnx } from '../../../src/engine/graph/onnx.js'
import { randomWeights } from '../../../src/engine/graph/randomWeights.js'
import { openSession } from '../../../src/engine/graph/session.js'
import { openGraphModel } from '../../../src/engine/tensor/graphModel.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { smallGraph } from '../../unit/engine/graph/smallGraph.js'

describe('writeGraphModel', () => {
  it('computes in TensorFlow what the ONNX file computes in ONNX Runtime, and leaks no tensor', async () => {
    const weights = randomWeights(smallGraph, 3)
    const nhwc = Float32Array.from({ length: 14 * 22 * 3 }, (_, index) => Math.sin(index))
    const nchw = Float32Array.from({ length: nhwc.length }, (_, index) => nhwc[(index % (14 * 22)) * 3 + Math.floor(index / (14 * 22))])
    const folder = mkdtempSync(join(tmpdir(), 'graph-model-'))
    try {
      const tensorsBefore = tf.memory().numTensors
      const files = writeGraphModel(smallGraph, weights)
      writeFileSync(join(folder, 'model.json'), JSON.stringify(files.model))
      writeFileSync(join(folder, 'weights.bin'), files.weights)
      const graphModel = await openGraphModel(folder)
      const found = graphModel.run(nhwc)
      graphModel.dispose()
      expect(tf.memory().numTensors).toBe(tensorsBefore)

      const session = await openSession(writeOnnx(smallGraph, weights, { foldNorm: false }), { threads: 1 })
      const expected = (await session.run(nchw)).get('logits')?.data as Float32Array
      await session.close()
      expect(found).toHaveLength(14 * 22 * 3)
      found.forEach((value, index) => {
        expect(value).toBeCloseTo(expected[(index % 3) * 14 * 22 + Math.floor(index / 3)], 4)
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
