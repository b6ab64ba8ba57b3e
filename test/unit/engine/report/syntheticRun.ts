/** A run folder with an invented journal, for everything that shows runs. Its numbers mean nothing; their shapes are those of a real run. */
import { join } from 'node:path'
import { deriveArchitecture } from '../../../../src/core/derive.js'
import { logitShapes } from '../../../../src/core/lattice.js'
import { randomStream } from '../../../../src/core/random.js'
import { writeOverlays } from '../../../../src/engine/evaluate/overlays.js'
import type { OverlaySample } from '../../../../src/engine/evaluate/overlays.js'
import type { DatasetClass } from '../../../../src/engine/data/dataset.js'
import type { ArchitectureLogits, SearchSpace } from '../../../../src/shared/architecture.js'
import { settingsSchema } from '../../../../src/shared/config/settings.js'
import type { RunEvent, Scores, Stage } from '../../../../src/shared/events.js'
import { Journal } from '../../../../src/storage/journal.js'
import { RunFolder } from '../../../../src/storage/runFolder.js'

export interface SyntheticRun {
  folder: string
  name?: string
  layers?: number
  variants?: string[]
  steps?: number
  finished?: boolean
  pictures?: number
}

const classes: DatasetClass[] = [
  { name: 'road', colour: [128, 64, 128] }, { name: 'sidewalk', colour: [244, 35, 232] }, { name: 'building', colour: [70, 70, 70] },
  { name: 'pole', colour: [153, 153, 153] }, { name: 'sign', colour: [220, 220, 0] }, { name: 'vegetation', colour: [107, 142, 35] },
  { name: 'sky', colour: [70, 130, 180] }, { name: 'person', colour: [220, 20, 60] }, { name: 'car', colour: [0, 0, 142] }
]

/** Writes the run and returns its folder. */
export function writeSyntheticRun(options: SyntheticRun): string {
  const { folder, name = 'synthetic', layers = 6, variants = ['decoupled', 'joint'], steps = 240, finished = true, pictures = 3 } = options
  const settings = settingsSchema.parse({
    seed: 7, space: { layers, baseWidth: 4, widths: [4, 8, 12], branchPairs: ['16,32', '8,32'] }, latency: { height: 128, width: 256 },
    search: { latencyTerm: variants.length > 1 ? 'both' : 'decoupled', targetLatencyMs: 9 }
  })
  const run = RunFolder.create(folder, { name, job: 'run', settings, datasetDigest: '0'.repeat(64), createdAt: '2026-01-02T03:04:05Z' })
  run.updateManifest({ fingerprint: { cellscope: '0.1.0', tensorflow: '2.21.0', threads: 2, oneDnn: true, cpu: 'synthetic processor', device: 'cpu' } })
  const space: SearchSpace = { layers, baseWidth: 4, widths: [4, 8, 12], studentStemWidth: 8, classes: classes.length }
  const journal = Journal.open(run.journalPath)
  const emit = (event: RunEvent): void => { journal.append(event) }
  trainStage(emit, 'pretrain', 120, undefined, 40)
  variants.forEach((variant, index) => search(emit, space, variant, index, steps))
  trainAll(emit)
  if (finished) emit({ type: 'run-finished', summary: { 'found network beats the hand-made one': 'yes', 'student mIoU': 0.561, 'hand-made mIoU': null } })
  journal.close()
  if (pictures > 0) {
    writeOverlays(join(run.outputsPath, 'overlays'), classes, Array.from({ length: pictures }, (_, index) => scene(index)))
  }
  return folder
}

function trainStage(emit: (event: RunEvent) => void, stage: Stage, steps: number, variant: string | undefined, start: number): void {
  const random = randomStream(1, `synthetic/${stage}/${variant ?? ''}`)
  emit({ type: 'stage-started', stage, steps, ...(variant === undefined ? {} : { variant }) })
  for (let step = 1; step <= steps; step++) {
    const loss = start * (0.2 + 0.8 * Math.exp((-3 * step) / steps)) * (1 + 0.12 * random.normal())
    emit({ type: 'step', stage, step, loss, learningRate: 0.01 * 0.98 ** (step / 20), ...(variant === undefined ? {} : { variant }) })
  }
  emit({ type: 'stage-finished', stage, ...(variant === undefined ? {} : { variant }) })
}

/** Logits that walk from nothing to a preference; the joint search walks towards skip and narrow. */
function logitsAt(space: SearchSpace, network: string, variant: string, progress: number): ArchitectureLogits {
  const shapes = logitShapes(space.layers, network === 'teacher' ? 1 : space.widths.length)
  const draw = (part: keyof ArchitectureLogits): number[][][] => shapes[part].map(([rows, columns], index) => {
    const random = randomStream(3, `synthetic/${network}/${variant}/${part}/${index}`)
    return Array.from({ length: rows }, () => Array.from({ length: columns }, (_, column) => {
      const pull = variant === 'joint' && column === 0 && part !== 'beta' ? 1.4 : 0
      return progress * (1.3 * random.normal() + pull)
    }))
  })
  return { alpha: draw('alpha'), beta: draw('beta'), gamma: draw('gamma') }
}

function search(emit: (event: RunEvent) => void, space: SearchSpace, variant: string, index: number, steps: number): void {
  emit({ type: 'stage-started', stage: 'search', variant, steps })
  const random = randomStream(2, `synthetic/search/${variant}`)
  const collapse = variant === 'joint' ? 1 : 0.25
  for (let step = 1; step <= steps; step++) {
    const progress = step / steps
    emit({ type: 'step', stage: 'search', variant, step, loss: 30 * Math.exp(-1.2 * progress) * (1 + 0.1 * random.normal()), learningRate: 0.01 })
    if (step % 4 === 0) {
      const latency = 14 - 6 * collapse * progress - index
      emit({
        type: 'architecture', variant, step,
        teacher: logitsAt(space, 'teacher', variant, progress), student: logitsAt(space, 'student', variant, progress),
        latencyMs: { teacher: 21, student: latency, derived: latency - 2 + random.normal() * 0.3 },
        latencyTerms: { operators: 20 - 9 * collapse * progress, scales: 22, widths: 21 - 5 * progress, joint: 20 - 12 * collapse * progress, loss: 0.2 },
        lambda: 0.01, entropy: { alpha: 1 - 0.5 * progress, beta: 1 - 0.3 * progress, gamma: 1 - 0.6 * collapse * progress },
        skipFraction: 0.1 + 0.7 * collapse * progress, narrowFraction: 0.3 + 0.6 * collapse * progress
      })
    }
    if (step % 40 === 0) {
      const score = 0.35 * progress * (1.2 - 0.5 * collapse)
      const scores = { '8': score * 0.8, '16': score * 0.9, '32': score * 0.85, '8+32': score, '16+32': score * 0.97 }
      emit({ type: 'supernet-evaluated', variant, epoch: step / 40, teacher: { ...scores, '8+32': score * 1.2 }, student: scores })
    }
  }
  emit({ type: 'stage-finished', stage: 'search', variant })
  emit({ type: 'pair-judged', variant, pair: '16,32', meanIoU: 0.31, latencyMs: 8.1, objective: 0.312, chosen: true })
  emit({ type: 'pair-judged', variant, pair: '8,32', meanIoU: 0.33, latencyMs: 11.9, objective: 0.298, chosen: false })
  for (const network of ['teacher', 'student'] as const) {
    const architecture = deriveArchitecture(space, logitsAt(space, network, variant, 1), {
      finalScales: [16, 32], rules: 'ours', forbidSkip: network === 'teacher', stemWidth: network === 'teacher' ? 12 : 8, name: `${network}-${variant}`
    })
    if (network === 'teacher') emit({ type: 'pair-judged', variant: `${variant}/teacher`, pair: '16,32', meanIoU: 0.4, latencyMs: 19.3, objective: 0.38, chosen: true })
    emit({ type: 'derived', variant, network, trained: index === 0, architecture, parameters: 812_345, multiplyAdds: 1_234_567_890, predictedLatencyMs: network === 'teacher' ? 19.3 : 7.9 - index })
  }
}

function trainAll(emit: (event: RunEvent) => void): void {
  const all: { network: string; stage: Stage; score: number; latencyMs: number }[] = [
    { network: 'teacher', stage: 'train-teacher', score: 0.61, latencyMs: 19.6 },
    { network: 'student', stage: 'train-student', score: 0.56, latencyMs: 8.2 },
    { network: 'plain', stage: 'train-plain', score: 0.53, latencyMs: 8.2 },
    { network: 'handmade', stage: 'train-handmade', score: 0.51, latencyMs: 8.4 }
  ]
  for (const { network, stage, score, latencyMs } of all) {
    trainStage(emit, stage, 200, undefined, 3)
    for (let step = 50; step <= 200; step += 50) {
      emit({ type: 'evaluated', network, split: 'selection', step, scores: scoresLike(score * (0.6 + step / 500)), best: step === 200 })
    }
    emit({ type: 'evaluated', network, split: 'val', step: 0, scores: { ...scoresLike(score), boundaryIoU: score * 0.7, smallObjectIoU: score * 0.5 }, best: true })
    emit({ type: 'latency-measured', network, predictedMs: latencyMs - 0.3, measuredMs: latencyMs, deviationMs: 0.12, count: 20 })
  }
  emit({ type: 'exported', network: 'student', format: 'onnx', path: 'outputs/student/model.onnx', largestDifference: 3.1e-6, argmaxAgreement: 1 })
  emit({ type: 'exported', network: 'student', format: 'tfjs', path: 'outputs/student/tfjs/model.json', largestDifference: 4.2e-6, argmaxAgreement: 0.9999 })
  emit({ type: 'step-refused', stage: 'train-student', step: 17, reason: 'the loss was not finite' })
  emit({ type: 'note', text: 'A note </script><script>document.title = "broken"</script><!-- that must stay text.' })
}

function scoresLike(meanIoU: number): Scores {
  const classIoU = classes.map((_, label) => (label === 4 ? null : label === 3 ? 0 : Math.min(0.98, meanIoU * (1.4 - label * 0.09))))
  return { meanIoU, pixelAccuracy: 0.5 + meanIoU / 2, classIoU }
}

/** Sky, buildings, a road and a few boxes; predictions are the truth, shifted. */
function scene(index: number): OverlaySample {
  const height = 96
  const width = 192
  const random = randomStream(4, 'synthetic/scene', index)
  const mask = new Uint8Array(height * width)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) mask[y * width + x] = y > 88 ? 255 : y > 58 ? 0 : y > 52 ? 1 : (x >> 4) % 3 === index % 3 ? 2 : 6
  for (let box = 0; box < 8; box++) {
    const label = [3, 4, 5, 7, 8][random.integer(5)]
    const [left, top, tall, wide] = [random.integer(170), 20 + random.integer(36), 8 + random.integer(24), label === 3 ? 2 : 6 + random.integer(22)]
    for (let y = top; y < Math.min(88, top + tall); y++) for (let x = left; x < Math.min(width, left + wide); x++) mask[y * width + x] = label
  }
  const image = new Uint8Array(height * width * 3)
  mask.forEach((label, place) => {
    const colour = label === 255 ? [20, 20, 20] : classes[label].colour
    for (let channel = 0; channel < 3; channel++) image[place * 3 + channel] = Math.min(255, colour[channel] * 0.7 + random.integer(60))
  })
  const shifted = (by: number): Uint8Array => mask.map((_, place) => {
    const label = mask[Math.min(mask.length - 1, place + by)]
    return label === 255 ? 0 : label
  })
  return { id: `val/scene-${index}`, height, width, image, mask, teacher: shifted(1), student: shifted(3) }
}
