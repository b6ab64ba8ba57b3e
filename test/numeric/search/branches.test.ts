/** One, two or three branches, from the choice in the supernet over the derived network to its ONNX file. */
import { afterAll, describe, expect, it } from 'vitest'
import { deriveArchitecture } from '../../../src/core/derive.js'
import type { BranchPair } from '../../../src/core/latency/latencyCosts.js'
import { tableLatencyMs } from '../../../src/core/latency/tableLatency.js'
import { derivedGraph } from '../../../src/core/networkBuilder.js'
import { writeOnnx } from '../../../src/engine/graph/onnx.js'
import { randomWeights } from '../../../src/engine/graph/randomWeights.js'
import { openSession } from '../../../src/engine/graph/session.js'
import type { NamedWeights } from '../../../src/engine/graph/weights.js'
import { BatchStatistics } from '../../../src/engine/network/batchStatistics.js'
import { runGraph } from '../../../src/engine/network/derived/derivedNetwork.js'
import { Pass } from '../../../src/engine/network/pass.js'
import { WeightStore } from '../../../src/engine/network/weightStore.js'
import { choosePair } from '../../../src/engine/search/choosePair.js'
import { predictionNames } from '../../../src/engine/stages/supernetParts.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import type { Architecture, SearchSpace } from '../../../src/shared/architecture.js'
import type { NetworkGraph } from '../../../src/shared/networkGraph.js'
import { randomLogits, randomTable } from '../../unit/core/randomTable.js'
import { tinyJudge, tinyTrainer } from './tinyTraining.js'

const space: SearchSpace = { layers: 5, baseWidth: 1, widths: [6, 12], studentStemWidth: 6, classes: 3 }
const size = { height: 64, width: 96 }
const sets: BranchPair[] = [[16], [16, 32], [8, 16, 32]]
const logits = randomLogits(space.layers, space.widths.length, 7)

describe('the choice in the supernet', () => {
  const pairs: BranchPair[] = [...sets, [8]]
  const predictions = predictionNames({ pairs })
  const trainer = tinyTrainer(space, predictions)
  afterAll(() => trainer.dispose())

  it('has a prediction for every set of branches', () => {
    expect(predictions).toEqual(['8', '16', '32', '8+32', '16+32', '8+16+32'])
    expect(predictionNames({ pairs: [[8, 16]] })).toEqual(['8', '16', '32', '8+32', '16+32', '8+16'])
  })

  it('judges each by its own prediction and takes the best by accuracy * (latency / target) ^ w', async () => {
    const table = randomTable(space, 1, { height: 32, width: 64 })
    const options = { role: 'student', variant: 'decoupled', logits, pairs, table, judge: tinyJudge(trainer), targetLatencyMs: 5 } as const
    const mild = await choosePair({ ...options, latencyExponent: -0.07 })
    expect(mild.judged.map(({ pair }) => pair)).toEqual(['16', '16,32', '8,16,32', '8'])
    for (const { meanIoU, latencyMs, objective } of mild.judged) expect(objective).toBeCloseTo(meanIoU * (latencyMs / 5) ** -0.07, 12)
    const best = mild.judged.reduce((winner, each) => (each.objective > winner.objective ? each : winner))
    expect(mild.judged.filter(({ chosen }) => chosen)).toEqual([best])
    expect(mild.architecture.branches).toHaveLength(best.pair.split(',').length)
    // With a strong w the fastest wins, whatever it sees: a branch fewer is fewer parts of the table.
    const strict = await choosePair({ ...options, latencyExponent: -10 })
    const fastest = strict.judged.reduce((winner, each) => (each.latencyMs < winner.latencyMs ? each : winner))
    expect(fastest.meanIoU).toBeGreaterThan(0)
    expect(strict.pair.join()).toBe(fastest.pair)
  })
})

describe.each(sets.map((branches) => ({ branches, name: branches.join(', ') })))('the network with the branches to $name', ({ branches }) => {
  const architecture = deriveArchitecture(space, logits, { finalScales: [...branches], rules: 'ours', forbidSkip: false, stemWidth: 6, name: 'student' })
  const graph = derivedGraph(architecture, { ...size, auxiliaryHeads: false })

  it('has these branches, and every part of it is in the table of its space', () => {
    expect(architecture.branches.map(({ finalScale }) => finalScale).sort((a, b) => a - b)).toEqual(branches)
    expect(tableLatencyMs(architecture, randomTable(space, 1, size))).toBeGreaterThan(0)
  })

  it('computes in its ONNX file what it computes in TensorFlow', async () => {
    const weights = randomWeights(graph, 3)
    const image = Float32Array.from({ length: size.height * size.width * 3 }, (_, index) => Math.sin(index * 0.37) + Math.cos(index * 0.011))
    const expected = ours(graph, weights, image)
    const session = await openSession(writeOnnx(graph, weights, { foldNorm: true }), { threads: 1 })
    const pixels = size.height * size.width
    const output = (await session.run(Float32Array.from(image, (_, index) => image[(index % pixels) * 3 + Math.floor(index / pixels)]))).get('logits')
    await session.close()
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const differences = expected.map((value, index) => Math.abs(value - Number(output?.data[(index % 3) * pixels + Math.floor(index / 3)])))
    expect(largest).toBeGreaterThan(0.1)
    expect(Math.max(...differences) / largest).toBeLessThan(1e-4)
  })

  it('has an auxiliary head at every coarser scale that a branch ends at or comes through', () => {
    expect(derivedGraph(architecture, { ...size, auxiliaryHeads: true }).outputs).toEqual(['logits', ...auxiliary(architecture)])
  })
})

function auxiliary({ branches }: Architecture): string[] {
  const coarsest = Math.max(...branches.map(({ finalScale }) => finalScale))
  return [16, 32].filter((scale) => scale <= coarsest).map((scale) => `auxiliary${scale}.logits`)
}

/** Logits [1, H, W, 3] in TensorFlow, of an image [1, H, W, 3]. */
function ours(graph: NetworkGraph, weights: NamedWeights, image: Float32Array): Float32Array {
  const store = new WeightStore(weights)
  const statistics = new BatchStatistics(0.1)
  statistics.write(weights)
  try {
    return tf.tidy(() => {
      const [output] = runGraph(graph, new Pass(store, 'fixed', statistics), tf.tensor4d(image, [1, size.height, size.width, 3]))
      return output.dataSync<'float32'>()
    })
  } finally {
    statistics.clear()
    store.dispose()
  }
}
