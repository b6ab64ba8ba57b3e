import { describe, expect, it } from 'vitest'
import { writeOnnx } from '../../../../src/engine/graph/onnx.js'
import { openSession } from '../../../../src/engine/graph/session.js'
import { randomWeights } from '../../../../src/engine/graph/randomWeights.js'
import { smallGraph } from './smallGraph.js'

describe('writeOnnx', () => {
  it('loads', async () => {
    const weights = randomWeights(smallGraph, 1)
    const image = Float32Array.from({ length: 3 * 14 * 22 }, (_, i) => Math.sin(i))
    const plain = await openSession(writeOnnx(smallGraph, weights, { foldNorm: false }), { threads: 1 })
    const folded = await openSession(writeOnnx(smallGraph, weights, { foldNorm: true }), { threads: 1 })
    const a = await plain.run(image), b = await folded.run(image)
    console.log(plain.inputShape, [...a.keys()], a.get('logits')?.shape, a.get('logits')?.data.slice(0, 5), b.get('logits')?.data.slice(0, 5))
    await folded.prepare(image)
    console.log(await folded.timeOnce(), await folded.timeOnce(), await folded.timeOnce())
    expect(a.size).toBe(2)
  })
})
