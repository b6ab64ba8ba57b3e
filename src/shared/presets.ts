/** Named starting points. A preset is settings like any other: a file or a flag goes over it. */
import type { SettingsInput } from './config/settings.js'

export interface Preset {
  /** One sentence for --help and the form. */
  about: string
  settings: SettingsInput
}

export const presets = {
  tiny: {
    about: 'The whole path in under a minute on two cores; for tests, not for results.',
    settings: {
      data: { source: 'streets', height: 64, width: 128, streetsTrain: 16, streetsVal: 4, cropHeight: 64, cropWidth: 128, selectionFraction: 0.25 },
      space: { layers: 4, baseWidth: 2, widths: [4, 8, 12], studentStemWidth: 8, branchPairs: ['16,32'] },
      latency: { height: 64, width: 128, repeats: 3, warmup: 1 },
      pretrain: { epochs: 1, stepsPerEpoch: 4, batch: 2 },
      search: { epochs: 1, stepsPerEpoch: 4, batch: 2 },
      train: { teacherSteps: 6, studentSteps: 6, stepsPerEpoch: 3, batch: 2 },
      run: { oneDnn: false, checkpointSteps: 5, checkpointSeconds: 30 }
    }
  },
  quick: {
    about: 'Built-in streets, a small supernet, every comparison; minutes on two cores. The demo.',
    settings: {
      data: {
        source: 'streets', height: 128, width: 256, streetsTrain: 240, streetsVal: 40,
        cropHeight: 96, cropWidth: 192, searchCropHeight: 64, searchCropWidth: 128, classWeights: 'balanced'
      },
      space: { layers: 4, baseWidth: 4, widths: [3, 6, 12], studentStemWidth: 9 },
      latency: { height: 256, width: 512, repeats: 6, warmup: 2 },
      pretrain: { epochs: 1, stepsPerEpoch: 30, batch: 4, learningRate: 0.05, warmupSteps: 5 },
      search: {
        epochs: 2, stepsPerEpoch: 10, batch: 4, learningRate: 0.02, latencyTerm: 'both', lambda: 0.01,
        architectureLearningRate: 0.02, targetLatencyMs: 0,
        candidates: 6, candidatesPlain: true, candidateSteps: 40, candidateBudget: 'minutes'
      },
      train: {
        teacherSteps: 160, studentSteps: 200, stepsPerEpoch: 80, batch: 8, learningRate: 0.05, curve: 'poly', warmupSteps: 20,
        lossStride: 2, auxiliaryWeight: 0, ohemThreshold: 1, ohemKeepFraction: 1, teacherView: 'image', distillationMean: 'right', batchParts: 2,
        compareWithoutDistillation: true, compareHandmade: true
      },
      run: { threads: 1, passWorkers: 2, oneDnn: false }
    }
  },
  'camvid-small': {
    about: 'A search on CamVid or a set of its size, an hour and a quarter on two cores by forecast; not run to its end as it is yet (docs/results/camvid-small.md); needs --data.',
    settings: {
      data: {
        layout: 'auto', cropHeight: 256, cropWidth: 320, searchCropHeight: 128, searchCropWidth: 160, selectionFraction: 0.08,
        scales: [0.75, 1, 1.25, 1.5], classWeights: 'balanced'
      },
      space: { layers: 8, baseWidth: 6, widths: [4, 8, 12], studentStemWidth: 8 },
      latency: { height: 384, width: 480, repeats: 15, warmup: 3, networks: 40 },
      pretrain: { epochs: 1, stepsPerEpoch: 100, batch: 4, learningRate: 0.05, warmupSteps: 10 },
      search: {
        epochs: 2, stepsPerEpoch: 20, batch: 4, learningRate: 0.02, lambda: 0.01, architectureLearningRate: 0.05, targetLatencyMs: 0,
        candidates: 10, candidatesPlain: true, candidateSteps: 100, candidateBudget: 'minutes', candidateRounds: 3
      },
      train: {
        teacherSteps: 700, studentSteps: 2000, stepsPerEpoch: 200, batch: 8, learningRate: 0.05, curve: 'poly', warmupSteps: 50,
        lossStride: 2, auxiliaryWeight: 0, ohemThreshold: 1, ohemKeepFraction: 1, teacherView: 'image', distillationMean: 'right', compareHandmade: true,
        batchParts: 2
      },
      run: { threads: 1, passWorkers: 2 }
    }
  },
  paper: {
    about: 'The published search and training on Cityscapes, step for step: more than a year on two cores (docs/results/paper-preset.md); needs --data.',
    settings: {
      data: {
        cropHeight: 512, cropWidth: 1024, pretrainCropHeight: 256, pretrainCropWidth: 512, searchCropHeight: 224, searchCropWidth: 448,
        searchScale: 0.5, scales: [0.75, 1, 1.25], flip: true, colourJitter: 0, classWeights: 'none'
      },
      space: { layers: 16, baseWidth: 12, widths: [4, 6, 8, 10, 12], studentStemWidth: 8, branchPairs: ['16,32', '8,32', '8,16'] },
      latency: { height: 1024, width: 2048 },
      pretrain: { epochs: 20, stepsPerEpoch: 495, batch: 3, learningRate: 0.02, decay: 0.978, momentum: 0.9, weightDecay: 5e-4, clipNorm: 5, warmupSteps: 0 },
      search: {
        epochs: 30, stepsPerEpoch: 743, batch: 2, learningRate: 0.01, decay: 0.978, momentum: 0.9, weightDecay: 5e-4, clipNorm: 5, warmupSteps: 0,
        order: 'first', architectureLearningRate: 3e-4, latencyTerm: 'decoupled', latencyWeights: [0.001, 0.997, 0.002], lambda: 0.01,
        gumbelTemperature: 1, latencyExponent: -0.07, targetLatencyMs: 8.3, candidates: 1, ohemThreshold: 0.7, ohemKeepFraction: 1 / 16
      },
      train: {
        teacherSteps: 600_000, studentSteps: 600_000, stepsPerEpoch: 1000, batch: 12, learningRate: 0.01, curve: 'exponential', decay: 0.992,
        momentum: 0.9, weightDecay: 5e-4, clipNorm: 0, warmupSteps: 0, auxiliaryWeight: 0.2, lossStride: 1, ohemThreshold: 0.7, ohemKeepFraction: 1 / 16,
        distillation: true, teacherView: 'crop', distillationMean: 'published', distillationWeight: 1, distillationTemperature: 1, batchParts: 1, patience: 0
      }
    }
  }
} as const satisfies Record<string, Preset>

export type PresetName = keyof typeof presets
export const presetNames = Object.keys(presets) as PresetName[]
