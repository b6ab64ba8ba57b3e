/** Where a search of the published code and ours differ: one test a line of docs/published-and-ours.md that no other file shows. */
import { afterAll, describe, expect, it } from 'vitest'
import { branchPairs, type BranchPair } from '../../../src/core/latency/latencyCosts.js'
import { randomPlan } from '../../../src/engine/network/supernet/widthPlan.js'
import { BatchStatistics } from '../../../src/engine/network/batchStatistics.js'
import { Pass } from '../../../src/engine/network/pass.js'
import type { PredictionName } from '../../../src/engine/network/supernet/layout.js'
import { architectureGradients } from '../../../src/engine/search/architectureGradients.js'
import { ArchitectureParameters } from '../../../src/engine/search/architectureParameters.js'
import { choosePair } from '../../../src/engine/search/choosePair.js'
import { supernetBatch } from '../../../src/engine/search/supernetBatch.js'
import { derivedChoice, disposeChoice, mixedChoice } from '../../../src/engine/search/supernetChoices.js'
import { judgeChoice } from '../../../src/engine/search/supernetEvaluation.js'
import { withWeightPasses } from '../../../src/engine/search/supernetStep.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { DerivedTrainer } from '../../../src/engine/train/derivedTrainer.js'
import { openTrainThreads } from '../../../src/engine/train/trainTeam.js'
import { TrainedNetwork } from '../../../src/engine/network/derived/trainedNetwork.js'
import { randomLogits, randomTable } from '../../unit/core/randomTable.js'
import type { RunEvent } from '../../../src/shared/events.js'
import { tinyJudge, tinyLoader, tinySearcher, tinySettings, tinySpace, tinyStudent, tinyTrainer } from './tinyTraining.js'

const predictions: PredictionName[] = ['8', '16', '32', '8+16', '8+32', '16+32']
const logits = randomLogits(tinySpace.layers, tinySpace.widths.length, 5)

describe('which branch pairs', () => {
  const trainer = tinyTrainer(tinySpace, predictions)
  const judge = tinyJudge(trainer)
  afterAll(() => { trainer.dispose() })

  const choose = (pairs: readonly BranchPair[]) => choosePair({
    role: 'student', variant: 'decoupled', logits, pairs, table: randomTable(tinySpace, 1, { height: 32, width: 64 }), judge, targetLatencyMs: 8.3, latencyExponent: -0.07
  })

  it('the published code never looks at 8 with 16; ours compares all three, unless space.branchPairs leaves it out', async () => {
    const all = await choose(branchPairs)
    expect(all.judged.map(({ pair }) => pair).sort()).toEqual(['16,32', '8,16', '8,32'])
    const published = await choose([[16, 32], [8, 32]])
    expect(published.judged.map(({ pair }) => pair)).toEqual(['16,32', '8,32'])
  })

  it('the published code takes the accuracy of the mixed supernet; ours is that of the network that would be derived', async () => {
    const { judged } = await choose(branchPairs)
    const [mixed, derived] = [mixedChoice(tinySpace, 'student', logits), derivedChoice(tinySpace, 'student', logits)]
    const [ofMixed, ofDerived] = [await judgeChoice(judge, mixed), await judgeChoice(judge, derived)]
    for (const { pair, meanIoU } of judged) expect(meanIoU).toBe(ofDerived[pair.replace(',', '+')])
    expect(judged.some(({ pair, meanIoU }) => meanIoU !== ofMixed[pair.replace(',', '+')])).toBe(true)
    disposeChoice(mixed)
    disposeChoice(derived)
  })
})

describe('pretraining', () => {
  const trained = async (heads: 'both' | 'teacher'): Promise<string[]> => {
    const trainer = tinyTrainer(tinySpace, ['8'])
    const batch = supernetBatch(await tinyLoader('pretrain').next(0))
    const names = ['widest', 'narrowest', 'random1', 'random2']
    const { gradients } = withWeightPasses(tinySpace, { kind: 'pretrain', seed: 1, step: 0, heads }, names, (passes) => trainer.weightGradients(batch, passes))
    const found = [...gradients.keys()]
    tf.dispose([...gradients.values(), batch.images, batch.labels])
    trainer.dispose()
    return found
  }

  it('the published code leaves the student\'s stem and heads as they began; ours trains both', async () => {
    const of = (role: string, names: string[]) => names.filter((name) => name.startsWith(`${role}.`)).length
    const [published, ours] = [await trained('teacher'), await trained('both')]
    expect([of('teacher', published) > 0, of('student', published)]).toEqual([true, 0])
    expect([of('teacher', ours) > 0, of('student', ours) > 0]).toEqual([true, true])
  })
})

describe('lambda', () => {
  it('the published code halves or doubles it after an epoch; ours stands still unless the controller is on', async () => {
    const events: RunEvent[] = []
    // A target that the network of random widths misses by far.
    const searcher = tinySearcher({ predictions: ['8'], settings: { search: { stepsPerEpoch: 1, lambda: 0.01, targetLatencyMs: 0.001 } } }, events)
    for (const step of [0, 1]) await searcher.step(step)
    const moments = events.filter((event) => event.type === 'architecture')
    expect(moments.map(({ latencyMs }) => latencyMs.derived > 0.001)).toEqual([true, true])
    expect(moments.map(({ lambda }) => lambda)).toEqual([0.01, 0.01])
    searcher.dispose()
  })
})

describe('batch statistics', () => {
  it('the published running ones are moved by half B, too; ours are those of half A, whatever the architecture step saw', async () => {
    const trainer = tinyTrainer(tinySpace, ['8'])
    const judge = tinyJudge(trainer)
    const choice = derivedChoice(tinySpace, 'student', logits)
    const halfB = supernetBatch(await tinyLoader('half B').next(0))

    const running = new BatchStatistics(0.1)
    for await (const images of judge.statisticsImages()) {
      tf.tidy(() => void trainer.supernet.forward(new Pass(trainer.weights, 'record', running), images, choice))
      images.dispose()
    }
    const before = running.read()
    tf.tidy(() => void trainer.supernet.forward(new Pass(trainer.weights, 'record', running), halfB.images, choice))
    expect([...running.read()].every(([name, { data }]) => data.some((value, index) => value !== before.get(name)!.data[index]))).toBe(true)

    const ours = await judgeChoice(judge, choice)
    const teacher = new ArchitectureParameters(tinySpace, 1).logits()
    const estimator = { widthEstimator: 'published', gumbelTemperature: 1 } as const
    architectureGradients(trainer, halfB, { kind: 'architecture', seed: 1, step: 0, teacher, student: logits, estimator }, ['teacher', 'student'])
    expect(await judgeChoice(judge, choice)).toEqual(ours)
    // There is nothing that a step could move: the store holds no statistics.
    expect([...trainer.weights.variables.keys()].filter((name) => /\.(mean|variance)$/.test(name))).toEqual([])

    running.clear()
    disposeChoice(choice)
    tf.dispose([halfB.images, halfB.labels])
    trainer.dispose()
  })
})

describe('weights without a gradient in a step', () => {
  it('stay as they are in ours; the published code (PyTorch 1.1) would decay them and let their momentum run on', async () => {
    const trainer = tinyTrainer({ ...tinySpace, widths: [4, 6, 8, 12] }, ['8'])
    const { space } = trainer.supernet
    const batch = supernetBatch(await tinyLoader('pretrain').next(0))
    const names = ['random1']
    const step = (number: number): Set<string> => {
      const found = withWeightPasses(space, { kind: 'pretrain', seed: 1, step: number, heads: 'both' }, names, (passes) => trainer.weightGradients(batch, passes))
      const reached = new Set(found.gradients.keys())
      trainer.applyGradients(found, 0.1)
      return reached
    }
    const first = step(0)
    const before = trainer.weights.read()
    const second = step(1)
    const idle = [...first].filter((name) => !second.has(name))
    expect(randomPlan(space, 1, 'pretrain-widths-1', 0)).not.toEqual(randomPlan(space, 1, 'pretrain-widths-1', 1))
    expect(idle.length).toBeGreaterThan(0)
    const after = trainer.weights.read()
    for (const name of idle) {
      expect([...after.get(name)!.data], name).toEqual([...before.get(name)!.data])
      const velocity = trainer.optimizer.velocities.get(name)!.dataSync()
      // What momentum 0.9 and decay 5e-4 would have done.
      const moved = velocity.map((value, index) => 0.9 * value + 5e-4 * before.get(name)!.data[index])
      expect(Math.max(...moved.map(Math.abs)), name).toBeGreaterThan(0)
    }
    tf.dispose([batch.images, batch.labels])
    trainer.dispose()
  })
})

describe('which epoch', () => {
  it('the published code keeps the last; ours also keeps the best on the selection images', async () => {
    const network = TrainedNetwork.initial(tinyStudent, 2, true)
    const scores = [0.2, 0.6, 0.4]
    const kept: Float32Array[] = []
    const settings = tinySettings({ train: { stepsPerEpoch: 1 } }).train
    const weight = (): Float32Array => network.read().get('head.1.bias')!.data.slice()
    let evaluations = 0
    const trainer = new DerivedTrainer({
      stage: 'train-student', name: 'student', network, steps: 3, rate: () => 0.02, settings, loader: tinyLoader('train'),
      threads: openTrainThreads(1), emit: () => undefined,
      judge: () => Promise.resolve({ meanIoU: scores[evaluations++], pixelAccuracy: 0, classIoU: [] }), keepBest: () => kept.push(weight())
    })
    const afterStep: Float32Array[] = []
    for (const step of [0, 1, 2]) {
      await trainer.step(step)
      afterStep.push(weight())
    }
    expect(kept.map((data) => [...data])).toEqual([[...afterStep[0]], [...afterStep[1]]])
    expect([...afterStep[2]]).not.toEqual([...afterStep[1]])
    expect([...trainer.tensors().get('weights/head.1.bias')!.data]).toEqual([...afterStep[2]])
    trainer.dispose()
  })
})
