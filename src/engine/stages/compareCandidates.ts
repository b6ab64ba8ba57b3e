/**
 * Chooses the student among several derived architectures by training each for a short while and judging it on the selection images,
 * first in generations, then in rounds of fewer candidates and more steps (docs/decisions/010). What each came to is kept as an input of
 * the run, so that a resumed run trains none twice.
 */
import { candidateRounds } from '../../core/candidateRounds.js'
import { drawCandidates, type Candidate } from '../../core/drawCandidates.js'
import { tableLatencyMs } from '../../core/latency/tableLatency.js'
import { objective } from '../../core/objective.js'
import { plainCandidates } from '../../core/plainCandidates.js'
import type { Architecture } from '../../shared/architecture.js'
import type { RunEvent } from '../../shared/events.js'
import { readJsonFile } from '../../storage/jsonFile.js'
import { stemWidth } from '../network/supernet/layout.js'
import { runTable, runTargetMs } from './latencyStage.js'
import { medianStepSeconds } from './stepPace.js'
import { openTrainerOf } from './trainStage.js'
import type { Workplace } from './workplace.js'

/** How far from the target latency a drawn candidate may lie: a much faster one leaves accuracy unused, and w hardly pays for it. */
const leastShare = 0.8
const largestShare = 1.1
/**
 * Noise of the draws around earlier candidates. Where the search was undecided, it changes the operator of one row in seven, the width of
 * one in nine (three widths) and the predecessor of one in twelve (200,000 draws of each kind).
 */
const neighbourNoise = 0.25

/** Steps of a candidate and of the likeliest that are timed, after one that is not. */
const timedSteps = 7

/** A candidate in the comparison; number 0 is the likeliest. */
interface Contender extends Candidate {
  number: number
  plain: boolean
  latencyMs: number
}
interface Judged {
  contender: Contender
  steps: number
  meanIoU: number
  value: number
}
type CandidateJudged = Extract<RunEvent, { type: 'candidate-judged' }>

/** @returns the best of the last round by accuracy * (latency / target) ^ w; undefined where a stop was asked for */
export async function compareCandidates(workplace: Workplace, variant: string, likeliest: Candidate): Promise<Architecture | undefined> {
  const { context } = workplace
  const { search } = context.settings
  const targetMs = runTargetMs(workplace)
  const rounds = candidateRounds(search)
  const total = rounds.reduce((sum, { count, steps }) => sum + count * steps, 0)
  let done = 0
  const contenders: Contender[] = []
  let best: Judged[] = []
  const events: CandidateJudged[] = []
  for (const [round, { count, steps, fresh, survivors }] of rounds.entries()) {
    const trained = fresh ? newContenders(workplace, { likeliest, round, count, contenders, best }) : best.map(({ contender }) => contender)
    if (fresh) contenders.push(...trained)
    const judged: Judged[] = []
    for (const contender of trained) {
      context.progress('candidates', done, total)
      const own = await stepsOf(workplace, `candidate-${variant}-${contender.number}-pace.json`, contender, likeliest, steps)
      const meanIoU = await shortTraining(workplace, `candidate-${variant}-${round}-${contender.number}.json`, contender.architecture, own)
      if (meanIoU === undefined) return undefined
      judged.push({ contender, steps: own, meanIoU, value: objective(meanIoU, contender.latencyMs, targetMs, search.latencyExponent) })
      done += steps
    }
    // Only those that were trained for the same number of steps, or minutes, are compared.
    best = [...(fresh ? best : []), ...judged].sort((a, b) => b.value - a.value).slice(0, survivors)
    events.push(...judged.map((one): CandidateJudged => ({ ...announced(one), variant, round, chosen: best.includes(one) })))
  }
  context.progress('candidates', total, total)
  events.forEach((event) => context.emit(event))
  return best[0].contender.architecture
}

/** The likeliest, plain ones where they are wanted, and others drawn from what the search came to; in later rounds, draws around the best so far. */
function newContenders(
  workplace: Workplace, { likeliest, round, count, contenders, best }: { likeliest: Candidate; round: number; count: number; contenders: Contender[]; best: Judged[] }
): Contender[] {
  const { space, pairs, context } = workplace
  const { seed, search } = context.settings
  const targetLatencyMs = runTargetMs(workplace)
  const table = runTable(workplace)
  const latencyMs = (architecture: Architecture): number => tableLatencyMs(architecture, table)
  const width = stemWidth(space, 'student')
  const latencyWindow = { leastMs: leastShare * targetLatencyMs, mostMs: largestShare * targetLatencyMs }
  const first = round === 0
  const plain = first && search.candidatesPlain
    ? plainCandidates({ space, pairs, stemWidth: width, name: 'student', latencyMs, targetLatencyMs, latencyWindow }).slice(0, count - 1)
    : []
  const given = first ? [likeliest, ...plain] : []
  const drawn = drawCandidates({
    space, seed,
    origins: first ? pairs.map((pair) => ({ logits: likeliest.logits, pair })) : best.map(({ contender }) => contender),
    noise: first ? 1 : neighbourNoise,
    stream: `candidate/${round}`,
    latencyMs,
    count: count - given.length,
    known: [...given, ...contenders].map(({ architecture }) => architecture),
    stemWidth: width,
    name: 'student',
    latencyWindow
  })
  return [...given, ...drawn].map((candidate, index) => ({
    ...candidate, number: contenders.length + index, plain: plain.includes(candidate), latencyMs: latencyMs(candidate.architecture)
  }))
}

function announced({ contender, steps, meanIoU, value }: Judged): Pick<CandidateJudged, 'type' | 'candidate' | 'drawn' | 'plain' | 'pair' | 'steps' | 'meanIoU' | 'latencyMs' | 'objective'> {
  const { number, plain, pair, latencyMs } = contender
  const scales = [...pair].sort((a, b) => a - b).join(',')
  return { type: 'candidate-judged', candidate: number, drawn: number > 0 && !plain, ...(plain ? { plain } : {}), pair: scales, steps, meanIoU, latencyMs, objective: value }
}

/**
 * `steps`, or as many as take this one as long as `steps` take the likeliest (`search.candidateBudget`): timed in turn with it, once, and kept
 * before the training, so that a resumed run trains for as many.
 */
async function stepsOf(workplace: Workplace, file: string, contender: Contender, likeliest: Candidate, steps: number): Promise<number> {
  if (workplace.context.settings.search.candidateBudget === 'steps' || contender.number === 0) return steps
  const { run } = workplace.context
  const kept = run.manifest.inputs[file] ?? run.keptInput(file)
  const pace = kept
    ? (readJsonFile(`${run.path}/${kept.file}`) as Pace)
    : await paceOf(workplace, contender.architecture, likeliest.architecture)
  if (!kept) run.addInput(file, `${JSON.stringify(pace, null, 1)}\n`)
  return Math.max(1, Math.round((steps * pace.likeliestStepSeconds) / pace.stepSeconds))
}

interface Pace {
  stepSeconds: number
  likeliestStepSeconds: number
}

async function paceOf(workplace: Workplace, architecture: Architecture, likeliest: Architecture): Promise<Pace> {
  const trainers = [architecture, likeliest].map((one) => openCandidate(workplace, one, timedSteps).trainer)
  try {
    const [stepSeconds, likeliestStepSeconds] = await medianStepSeconds(trainers, timedSteps)
    return { stepSeconds, likeliestStepSeconds }
  } finally {
    trainers.forEach((trainer) => trainer.dispose())
  }
}

/** From scratch, without a teacher and without saying so. */
function openCandidate(workplace: Workplace, architecture: Architecture, steps: number): ReturnType<typeof openTrainerOf> {
  const { train } = workplace.context.settings
  const settings = { ...train, warmupSteps: Math.min(train.warmupSteps, Math.ceil(steps / 10)) }
  return openTrainerOf(workplace, { name: 'student', stage: 'derive', architecture, steps, settings })
}

/** Selection mIoU after a few steps from scratch, without a teacher; undefined where a stop was asked for. */
async function shortTraining(workplace: Workplace, file: string, architecture: Architecture, steps: number): Promise<number | undefined> {
  const { run, control } = workplace.context
  const kept = run.manifest.inputs[file] ?? run.keptInput(file)
  if (kept) return (readJsonFile(`${run.path}/${kept.file}`) as { meanIoU: number }).meanIoU
  const { trainer, judge } = openCandidate(workplace, architecture, steps)
  try {
    for (let step = 0; step < steps; step++) {
      await trainer.stepUnannounced(step)
      if ((await control.atStep()) === 'stop') return undefined
    }
    const { meanIoU } = await judge()
    run.addInput(file, `${JSON.stringify({ meanIoU, steps, architecture }, null, 1)}\n`)
    return meanIoU
  } finally {
    trainer.dispose()
  }
}
