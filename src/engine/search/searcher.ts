/**
 * The search (FasterSeg, section 3.4): alternating architecture steps on half B and weight steps on half A, teacher and student over one
 * set of weights. Every step is announced; the architecture often enough for a smooth time slider.
 */
import { architectureMeters } from '../../core/architectureMeters.js'
import { deriveArchitecture } from '../../core/derive.js'
import { expectedLatency } from '../../core/latency/expectedLatency.js'
import { controlLambda } from '../../core/latency/latencyController.js'
import type { BranchPair, LatencyCosts } from '../../core/latency/latencyCosts.js'
import { tableLatencyMs } from '../../core/latency/tableLatency.js'
import type { ArchitectureLogits } from '../../shared/architecture.js'
import type { Settings } from '../../shared/config/settings.js'
import type { RunEvent } from '../../shared/events.js'
import type { LatencyTable } from '../../shared/latencyTable.js'
import type { StoredTensor } from '../../storage/safetensors.js'
import type { BatchLoader } from '../data/loader.js'
import { addPrefixed, takePrefixed } from '../steps/prefixedTensors.js'
import type { StepOutcome, Trainable } from '../steps/trainable.js'
import { exponentialPerEpoch, warmUp, type Schedule } from '../tensor/schedules.js'
import { ArchitectureAdam } from './architectureAdam.js'
import { ArchitectureParameters } from './architectureParameters.js'
import { architectureStepPlan, moveArchitectures, type SearchedNetwork } from './architectureStep.js'
import { latencyTerm, type LatencyTerm } from './latencyTerm.js'
import type { PassTeam } from './passTeam.js'
import type { StepBatch } from './supernetBatch.js'
import { disposeChoice, mixedChoice } from './supernetChoices.js'
import { judgeChoice, type SupernetJudge } from './supernetEvaluation.js'
import type { SupernetTrainer, WeightStepResult } from './supernetTrainer.js'
import { unrolledGradients } from './unrolledGradients.js'

export type SearchVariant = 'decoupled' | 'joint'

export interface SearcherOptions {
  variant: SearchVariant
  trainer: SupernetTrainer
  team: PassTeam
  settings: Settings['search']
  seed: number
  pairs: readonly BranchPair[]
  table: LatencyTable
  costs: { student: LatencyCosts; teacher: LatencyCosts }
  /** Batches of half A, for the weights, and of half B, for the architecture. */
  weightLoader: BatchLoader
  architectureLoader: BatchLoader
  judge: SupernetJudge
  emit(event: RunEvent): void
}

/** The lattice's time slider has about this many moments, however long the search. */
const recordedMoments = 400

export class Searcher implements Trainable {
  readonly steps: number
  readonly teacher: SearchedNetwork
  readonly student: SearchedNetwork
  private readonly rate: Schedule
  private readonly recordEvery: number
  /** Of the latency term; the controller moves it. */
  private lambda: number

  constructor(private readonly options: SearcherOptions) {
    const { settings, trainer } = options
    const { space } = trainer.supernet
    this.steps = settings.epochs * settings.stepsPerEpoch
    this.lambda = settings.lambda
    this.recordEvery = Math.max(1, Math.ceil(this.steps / recordedMoments))
    this.rate = warmUp(exponentialPerEpoch(settings.learningRate, settings.decay, settings.stepsPerEpoch), settings.warmupSteps)
    const fresh = (widthCount: number): SearchedNetwork => {
      const parameters = new ArchitectureParameters(space, widthCount)
      return { parameters, adam: new ArchitectureAdam(parameters.values.length) }
    }
    this.teacher = fresh(1)
    this.student = fresh(space.widths.length)
  }

  async step(step: number): Promise<StepOutcome> {
    const { variant, emit, settings, architectureLoader, weightLoader } = this.options
    const half = { architecture: await architectureLoader.next(step), weights: await weightLoader.next(step) }
    const architecture = await this.moveArchitecture(step, half)
    const weights = await this.moveWeights(step, half.weights)
    const applied = architecture.applied && weights.applied
    const losses = { ...weights.losses, architecture: mean(Object.values(architecture.losses)) }
    emit(
      applied
        ? { type: 'step', stage: 'search', variant, step: step + 1, loss: mean(Object.values(weights.losses)), learningRate: this.rate(step), losses }
        : { type: 'step-refused', stage: 'search', variant, step: step + 1, reason: 'loss or gradient is not finite' }
    )
    const endsEpoch = (step + 1) % settings.stepsPerEpoch === 0
    if (endsEpoch || (step + 1) % this.recordEvery === 0) this.announceArchitecture(step + 1)
    if (endsEpoch) await this.endEpoch((step + 1) / settings.stepsPerEpoch)
    return { waitedSeconds: (half.architecture.waitedMs + half.weights.waitedMs) / 1000, applied }
  }

  private async moveArchitecture(step: number, half: { architecture: StepBatch; weights: StepBatch }): Promise<{ losses: Record<string, number>; applied: boolean }> {
    const { team, trainer, settings, seed } = this.options
    const latency = this.latencyTerm()
    const plan = architectureStepPlan(this, settings, seed, step)
    const found = settings.order === 'first'
      ? await team.architectureGradients(plan, half.architecture)
      : unrolledGradients(trainer, half, plan, this.rate(step))
    const applied = moveArchitectures(this, plan, found, latency.gradient, settings.architectureLearningRate)
    return { losses: found.losses, applied }
  }

  private moveWeights(step: number, batch: StepBatch): Promise<WeightStepResult> {
    const { team, seed } = this.options
    const [teacher, student] = [this.teacher, this.student].map(({ parameters }) => parameters.logits())
    return team.weightStep({ kind: 'weights', seed, step, teacher, student }, batch, this.rate(step))
  }

  private latencyTerm(): LatencyTerm {
    const { costs, pairs, variant, settings } = this.options
    const weights = settings.latencyWeights
    return latencyTerm(this.student.parameters.logits(), { costs: costs.student, pairs, variant, weights, lambda: this.lambda })
  }

  private announceArchitecture(step: number): void {
    const { variant, pairs, costs, emit } = this.options
    const student = this.student.parameters.logits()
    const teacher = this.teacher.parameters.logits()
    const latency = this.latencyTerm()
    emit({
      type: 'architecture',
      variant,
      step,
      teacher: rounded(teacher),
      student: rounded(student),
      latencyMs: {
        teacher: expectedLatency(costs.teacher, teacher, pairs).latencyMs,
        student: latency.latencyMs,
        derived: this.derivedLatencyMs(student)
      },
      latencyTerms: latency.terms,
      lambda: this.lambda,
      ...architectureMeters(student)
    })
  }

  private async endEpoch(epoch: number): Promise<void> {
    await this.announceAccuracy(epoch)
    if (this.options.settings.latencyController === 'window') this.controlLatency(epoch)
  }

  private controlLatency(epoch: number): void {
    const { variant, settings, emit } = this.options
    const { targetLatencyMs, latencyBand, lambda: initialLambda, stepsPerEpoch } = settings
    const derivedMs = this.derivedLatencyMs(this.student.parameters.logits())
    const { lambda, change } = controlLambda(this.lambda, derivedMs, { targetLatencyMs, band: latencyBand, initialLambda })
    this.lambda = lambda
    emit({ type: 'lambda-controlled', variant, epoch, step: epoch * stepsPerEpoch, derivedMs, targetMs: targetLatencyMs, change, lambda })
  }

  /** By the table, mean over the pairs, so that it compares with the expected latency. */
  private derivedLatencyMs(logits: ArchitectureLogits): number {
    const { pairs, table, trainer } = this.options
    const { space } = trainer.supernet
    const options = { rules: 'ours', forbidSkip: false, stemWidth: space.studentStemWidth, name: 'student' } as const
    return mean(pairs.map((pair) => tableLatencyMs(deriveArchitecture(space, logits, { ...options, finalScales: [...pair] }), table)))
  }

  private async announceAccuracy(epoch: number): Promise<void> {
    const { variant, judge, emit, trainer } = this.options
    const accuracy = async (role: 'teacher' | 'student'): Promise<Record<string, number>> => {
      const choice = mixedChoice(trainer.supernet.space, role, this[role].parameters.logits())
      try {
        return await judgeChoice(judge, choice)
      } finally {
        disposeChoice(choice)
      }
    }
    emit({ type: 'supernet-evaluated', variant, epoch, teacher: await accuracy('teacher'), student: await accuracy('student') })
  }

  tensors(): Map<string, StoredTensor> {
    const { trainer, team } = this.options
    const tensors = new Map<string, StoredTensor>()
    addPrefixed(tensors, 'weights', trainer.weights.read())
    addPrefixed(tensors, 'velocities', team.velocities())
    for (const role of ['teacher', 'student'] as const) {
      const { parameters, adam } = this[role]
      const vector = (data: Float32Array) => ({ shape: [data.length], data: data.slice() })
      addPrefixed(
        tensors,
        `architecture/${role}`,
        new Map([
          ['logits', vector(parameters.values)],
          ['first-moment', vector(adam.firstMoment)],
          ['second-moment', vector(adam.secondMoment)]
        ])
      )
    }
    return tensors
  }

  /** What derivation needs: the weights and both architectures' logits. */
  result(): Map<string, StoredTensor> {
    return new Map([...this.tensors()].filter(([name]) => name.startsWith('weights/') || name.endsWith('/logits')))
  }

  /** JSON keeps every bit of a number. */
  info(): Record<string, unknown> {
    return this.options.settings.latencyController === 'off' ? {} : { lambda: this.lambda }
  }

  restore(tensors: ReadonlyMap<string, StoredTensor>, info: Record<string, unknown>): void {
    const { team, settings } = this.options
    this.lambda = typeof info.lambda === 'number' ? info.lambda : settings.lambda
    team.restore(takePrefixed(tensors, 'weights'), takePrefixed(tensors, 'velocities'))
    for (const role of ['teacher', 'student'] as const) {
      const stored = takePrefixed(tensors, `architecture/${role}`)
      const { parameters, adam } = this[role]
      const targets: [string, Float32Array][] = [['logits', parameters.values], ['first-moment', adam.firstMoment], ['second-moment', adam.secondMoment]]
      for (const [name, target] of targets) target.set(stored.get(name)?.data ?? [])
    }
  }

  dispose(): void {
    this.options.team.close()
    this.options.trainer.dispose()
    this.options.weightLoader.close()
    this.options.architectureLoader.close()
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Five digits are enough for a picture, and a journal of 16 layers stays small. */
function rounded(logits: ArchitectureLogits): ArchitectureLogits {
  const short = (tables: number[][][]): number[][][] => tables.map((rows) => rows.map((row) => row.map((value) => Number(value.toPrecision(5)))))
  return { alpha: short(logits.alpha), beta: short(logits.beta), gamma: short(logits.gamma) }
}
