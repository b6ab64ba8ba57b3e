/** The preset `paper` beside the published settings (config_search.py and config_train.py of the published code, and the paper's sections 3 and 4). */
import { describe, expect, it } from 'vitest'
import { parseSettings } from '../../../src/shared/config/parseSettings.js'
import { cropSize } from '../../../src/shared/config/cropSize.js'
import { presets } from '../../../src/shared/presets.js'

const { data, space, latency, pretrain, search, train } = parseSettings(presets.paper.settings, 'preset')

/** Images of Cityscapes; half of them move the weights. */
const half = Math.floor(2975 * 0.5)
const niters = (batch: number): number => Math.max(Math.floor(half / batch), 400)
const sgd = { momentum: 0.9, weightDecay: 5e-4, warmupSteps: 0 }

describe('the preset paper', () => {
  it('has the published space', () => {
    expect(space).toEqual({ layers: 16, baseWidth: 12, widths: [4, 6, 8, 10, 12], studentStemWidth: 8, branchPairs: ['16,32', '8,32', '8,16'] })
  })

  it('sees the images as published: halved in the search, at full size in training, three scales, mirrored, colours as they are', () => {
    expect(data).toMatchObject({ searchScale: 0.5, scales: [0.75, 1, 1.25], flip: true, colourJitter: 0, classWeights: 'none', height: 0, width: 0 })
    expect(cropSize(data, 'pretrain')).toEqual({ cropHeight: 256, cropWidth: 512 })
    expect(cropSize(data, 'search')).toEqual({ cropHeight: 224, cropWidth: 448 })
    expect(cropSize(data, 'train')).toEqual({ cropHeight: 512, cropWidth: 1024 })
  })

  it('is for a device at 1024x2048 with the budget of the paper', () => {
    expect(latency).toMatchObject({ height: 1024, width: 2048 })
    expect(search).toMatchObject({ targetLatencyMs: 8.3, latencyExponent: -0.07 })
  })

  it('pretrains by the published schedule', () => {
    expect(pretrain).toMatchObject({ epochs: 20, batch: 3, learningRate: 0.02, decay: 0.978, clipNorm: 5, ...sgd })
    expect(pretrain.stepsPerEpoch).toBe(niters(3))
    expect(pretrain.stepsPerEpoch).toBe(495)
  })

  it('searches by the published schedule, in the first order', () => {
    expect(search).toMatchObject({ epochs: 30, batch: 2, learningRate: 0.01, decay: 0.978, clipNorm: 5, ...sgd, order: 'first', candidates: 1 })
    expect(search.stepsPerEpoch).toBe(niters(2))
    expect(search.stepsPerEpoch).toBe(743)
    expect(search).toMatchObject({ architectureLearningRate: 3e-4, gumbelTemperature: 1 })
    expect(search).toMatchObject({ latencyTerm: 'decoupled', latencyWeights: [0.001, 0.997, 0.002], lambda: 0.01 })
  })

  it('keeps the hard pixels that the published code keeps', () => {
    // 384 in pretraining, 196 in the search, both at 1/8; 393216 in training at full size.
    const kept = (batch: number, { cropHeight, cropWidth }: { cropHeight: number; cropWidth: number }, stride: number, fraction: number): number =>
      Math.floor((batch * cropHeight * cropWidth * fraction) / stride ** 2)
    expect(kept(pretrain.batch, cropSize(data, 'pretrain'), 8, search.ohemKeepFraction)).toBe(384)
    expect(kept(search.batch, cropSize(data, 'search'), 8, search.ohemKeepFraction)).toBe(196)
    expect(kept(train.batch, cropSize(data, 'train'), train.lossStride, train.ohemKeepFraction)).toBe(393216)
    expect([search.ohemThreshold, train.ohemThreshold]).toEqual([0.7, 0.7])
  })

  it('trains by the published schedule', () => {
    expect(train).toMatchObject({ teacherSteps: 600 * 1000, studentSteps: 600 * 1000, stepsPerEpoch: 1000, batch: 12 })
    expect(train).toMatchObject({ learningRate: 0.01, curve: 'exponential', decay: 0.992, clipNorm: 0, ...sgd })
    expect(train).toMatchObject({ auxiliaryWeight: 0.2, lossStride: 1, batchParts: 1, patience: 0 })
    expect(train).toMatchObject({ distillation: true, teacherView: 'crop', distillationMean: 'published', distillationWeight: 1, distillationTemperature: 1 })
  })

  it('leaves to the table "published | ours" what is ours on purpose', () => {
    expect(pretrain.heads).toBe('both')
    expect(search.widthEstimator).toBe('score-function')
    // The budget is the paper's GPU's; a window around it would drive lambda to its bound on any other device.
    expect(search.latencyController).toBe('off')
  })
})
