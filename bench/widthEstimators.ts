/**
 * Which estimator of gamma's gradient is true? On small supernets trained on the built-in streets, every plan of widths is run on the same
 * batches: the exact gradient of the expected loss. Each estimator's mean over draws is compared with it. Result:
 * docs/results/width-estimators.md. `npm run bench -- widthEstimators [seeds] [pretraining steps] [draws]`
 */
import { pearson } from '../src/core/pearson.js'
import { randomStream } from '../src/core/random.js'
import { softmax } from '../src/core/softmax.js'
import { openBatchLoader, type Batch, type BatchLoader } from '../src/engine/data/loader.js'
import { openDataset } from '../src/engine/data/openDataset.js'
import { openSampleSource } from '../src/engine/data/sampleSource.js'
import { initialSupernetWeights } from '../src/engine/network/supernet/initialSupernetWeights.js'
import type { PredictionName } from '../src/engine/network/supernet/layout.js'
import { Supernet } from '../src/engine/network/supernet/supernet.js'
import { gammaRows, uniformPlan, type WidthPlan } from '../src/engine/network/supernet/widthPlan.js'
import { WeightStore } from '../src/engine/network/weightStore.js'
import { architectureGradients } from '../src/engine/search/architectureGradients.js'
import { ArchitectureParameters } from '../src/engine/search/architectureParameters.js'
import { architectureTensors, mixtures } from '../src/engine/search/architectureTensors.js'
import { openPassTeam } from '../src/engine/search/openPassTeam.js'
import { Pretrainer } from '../src/engine/search/pretrainer.js'
import { scoreFunctionGradient } from '../src/engine/search/scoreFunction.js'
import { supernetBatch } from '../src/engine/search/supernetBatch.js'
import { searchPasses } from '../src/engine/search/supernetPasses.js'
import { sampledWidths, type ArchitectureStepPlan } from '../src/engine/search/supernetStep.js'
import { SupernetTrainer } from '../src/engine/search/supernetTrainer.js'
import { tf } from '../src/engine/tensor/tf.js'
import type { ArchitectureLogits, SearchSpace } from '../src/shared/architecture.js'
import { settingsSchema, type Settings } from '../src/shared/config/settings.js'

const space: SearchSpace = { layers: 3, baseWidth: 2, widths: [4, 8, 12], studentStemWidth: 8, classes: 12 }
const predictions: PredictionName[] = ['8', '16', '32', '8+32', '16+32']
const size = { height: 64, width: 128 }
const estimators = ['published', 'masks', 'soft-masks', 'score-function'] as const
type Estimator = (typeof estimators)[number]
const batches = 2
/** Means over so many draws are compared, besides that over all: a search sees few. */
const fewDraws = 16

/** Every plan of the space: one width for each of its maps. */
function allPlans(): WidthPlan[] {
  const rows = gammaRows(space.layers)
  const maps = rows.reduce((sum, count) => sum + count, 0)
  return Array.from({ length: space.widths.length ** maps }, (_, number) => {
    let rest = number
    return rows.map((count) => Array.from({ length: count }, () => {
      const width = rest % space.widths.length
      rest = Math.floor(rest / space.widths.length)
      return width
    }))
  })
}

async function trainedSupernet(seed: number, steps: number, loader: BatchLoader): Promise<SupernetTrainer> {
  const weights = new WeightStore(initialSupernetWeights(space, predictions, seed))
  const loss = { threshold: 0.7, keepFraction: 1 / 16 }
  const trainer = new SupernetTrainer(new Supernet(space, predictions), weights, loss, { momentum: 0.9, weightDecay: 5e-4, clipNorm: 5 })
  const settings = settingsSchema.parse({ pretrain: { epochs: 1, stepsPerEpoch: steps, learningRate: 0.05, warmupSteps: 5 } }).pretrain
  const pretrainer = new Pretrainer({ trainer, team: openPassTeam(trainer, 1), settings, seed, loader, emit: () => undefined })
  for (let step = 0; step < steps; step++) await pretrainer.step(step)
  return trainer
}

/** Losses of the student's pass, by plan and batch. */
function enumeratedLosses(trainer: SupernetTrainer, student: ArchitectureLogits, given: readonly Batch[]): Map<string, number[]> {
  const tensors = given.map(supernetBatch)
  const losses = new Map<string, number[]>()
  for (const plan of allPlans()) {
    losses.set(JSON.stringify(plan), tensors.map((batch) => tf.tidy(() => {
      const mixture = mixtures(architectureTensors(student))
      const pass = searchPasses(space, { alpha: [], beta: [] }, mixture, plan).find(({ name }) => name === 'student')!
      return trainer.passLoss(batch, pass.choice).dataSync()[0]
    })))
  }
  tensors.forEach(({ images, labels }) => tf.dispose([images, labels]))
  return losses
}

const lossOf = (losses: ReadonlyMap<string, number[]>, plan: WidthPlan, batch: number): number => losses.get(JSON.stringify(plan))![batch]

/** d E[loss] / d gamma, mean over the batches: sum over all plans of probability * loss * d log probability. */
function exactGradient(gamma: number[][][], losses: ReadonlyMap<string, number[]>): number[] {
  const probabilities = gamma.map((table) => table.map(softmax))
  const sum = gamma.map((table) => table.map((row) => row.map(() => 0)))
  for (const plan of allPlans()) {
    const loss = losses.get(JSON.stringify(plan))!.reduce((total, value) => total + value, 0) / batches
    const probability = plan.reduce((product, table, t) => table.reduce((p, width, r) => p * probabilities[t][r][width], product), 1)
    plan.forEach((table, t) => table.forEach((width, r) => probabilities[t][r].forEach((p, k) => {
      sum[t][r][k] += probability * loss * ((k === width ? 1 : 0) - p)
    })))
  }
  return sum.flat(2)
}

/** The estimate of one draw on one batch, laid out as gamma. */
function estimate(
  trainer: SupernetTrainer, estimator: Estimator, plan: Omit<ArchitectureStepPlan, 'estimator'>, batch: { index: number; arrays: Batch }, losses: ReadonlyMap<string, number[]>
): number[] {
  const whole: ArchitectureStepPlan = { ...plan, estimator: { widthEstimator: estimator, gumbelTemperature: 1 } }
  const { gamma } = plan.student
  if (estimator === 'score-function') {
    const baseline = [0, space.widths.length - 1].map((width) => lossOf(losses, uniformPlan(space, width), batch.index))
    const drawn = sampledWidths(whole).plan
    return scoreFunctionGradient(gamma, drawn, lossOf(losses, drawn, batch.index), baseline).flat(2)
  }
  const tensors = supernetBatch(batch.arrays)
  const { student } = architectureGradients(trainer, tensors, whole, ['student'])
  tf.dispose([tensors.images, tensors.labels])
  return [...student].slice(student.length - gamma.flat(2).length)
}

interface Agreement {
  correlation: number
  /** Share of entries whose sign is the exact one's. */
  signs: number
}

/** Gradients of a row that push all widths alike push none: what counts is the difference from the row's mean. */
function centred(values: readonly number[]): number[] {
  const each = space.widths.length
  return values.map((value, index) => {
    const row = values.slice(index - (index % each), index - (index % each) + each)
    return value - row.reduce((sum, entry) => sum + entry, 0) / each
  })
}

function agreement(found: readonly number[], exact: readonly number[]): Agreement {
  const [a, b] = [centred(found), centred(exact)]
  return { correlation: pearson(a, b), signs: a.filter((value, index) => Math.sign(value) === Math.sign(b[index])).length / a.length }
}

const meanOf = (vectors: readonly number[][]): number[] => vectors[0].map((_, index) => vectors.reduce((sum, vector) => sum + vector[index], 0) / vectors.length)
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** For one trained supernet and one gamma: each estimator's agreement by the mean of all draws, and by means of few. */
async function compare(trainer: SupernetTrainer, gamma: number[][][], seed: number, loader: BatchLoader, draws: number): Promise<Record<Estimator, { all: Agreement; few: Agreement }>> {
  const teacher = new ArchitectureParameters(space, 1).logits()
  const student = { ...new ArchitectureParameters(space, space.widths.length).logits(), gamma }
  const given: Batch[] = []
  for (let step = 0; step < batches; step++) given.push(await loader.next(step))
  const losses = enumeratedLosses(trainer, student, given)
  const exact = exactGradient(gamma, losses)
  const found = estimators.map((estimator) => {
    const all = Array.from({ length: draws }, (_, step) => {
      const index = step % batches
      return estimate(trainer, estimator, { kind: 'architecture', seed, step, teacher, student }, { index, arrays: given[index] }, losses)
    })
    const groups = Array.from({ length: Math.floor(draws / fewDraws) }, (_, group) => meanOf(all.slice(group * fewDraws, (group + 1) * fewDraws)))
    const few = groups.map((group) => agreement(group, exact))
    return [estimator, { all: agreement(meanOf(all), exact), few: { correlation: mean(few.map((one) => one.correlation)), signs: mean(few.map((one) => one.signs)) } }]
  })
  return Object.fromEntries(found) as Record<Estimator, { all: Agreement; few: Agreement }>
}

function loaderOf(settings: Settings, source: ReturnType<typeof openSampleSource>, references: Parameters<typeof openBatchLoader>[1]['references'], stream: string, seed: number): BatchLoader {
  const { scales, flip, colourJitter } = settings.data
  const augment = { cropHeight: size.height, cropWidth: size.width, scales, flip, colourJitter }
  return openBatchLoader(source, { references, batch: 2, seed, stream, augment })
}

export async function main([seeds = '3', steps = '60', draws = '256']: string[]): Promise<void> {
  const settings = settingsSchema.parse({ data: { source: 'streets', height: 96, width: 192, streetsTrain: 120, streetsVal: 4 } })
  const dataset = await openDataset(settings.data, 1)
  const source = openSampleSource(dataset, { threads: 0 })
  const half = Math.floor(dataset.train.length / 2)
  const rows: Record<string, { all: Agreement[]; few: Agreement[] }> = {}
  for (let seed = 1; seed <= Number(seeds); seed++) {
    const trainer = await trainedSupernet(seed, Number(steps), loaderOf(settings, source, dataset.train.slice(0, half), 'weights', seed))
    const random = randomStream(seed, 'gamma')
    const start = new ArchitectureParameters(space, space.widths.length).logits().gamma
    const gammas = { start, 'random, deviation 1': start.map((table) => table.map((row) => row.map(() => random.normal()))) }
    for (const [name, gamma] of Object.entries(gammas)) {
      const loader = loaderOf(settings, source, dataset.train.slice(half), 'architecture', seed)
      const found = await compare(trainer, gamma, seed, loader, Number(draws))
      for (const estimator of estimators) {
        const row = (rows[`${name} | ${estimator}`] ??= { all: [], few: [] })
        row.all.push(found[estimator].all)
        row.few.push(found[estimator].few)
      }
      console.log(`seed ${seed}, gamma ${name}: ${estimators.map((estimator) => `${estimator} ${found[estimator].all.correlation.toFixed(2)}`).join(', ')}`)
    }
    trainer.dispose()
  }
  source.close()
  const range = (values: number[]): string => `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`
  console.log(`| gamma | estimator | correlation, ${draws} draws | signs right | correlation, ${fewDraws} draws | signs right |\n|---|---|---|---|---|---|`)
  for (const [name, { all, few }] of Object.entries(rows)) {
    const columns = [all, few].flatMap((list) => [range(list.map(({ correlation }) => correlation)), range(list.map(({ signs }) => signs))])
    console.log(`| ${name} | ${columns.join(' | ')} |`)
  }
}
