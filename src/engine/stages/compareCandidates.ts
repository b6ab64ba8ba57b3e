/**
 * Chooses the student among several derived architectures by training each for a short while and judging it on the selection images,
 * in rounds of fewer candidates and more steps (docs/decisions/010). What each came to is kept as an input of the run, so that a resumed run trains none twice.
 */
import { candidateRounds, survivors } from '../../core/candidateRounds.js'
import { drawCandidates } from '../../core/drawCandidates.js'
import { tableLatencyMs } from '../../core/latency/tableLatency.js'
import { objective } from '../../core/objective.js'
import type { Architecture, ArchitectureLogits } from '../../shared/architecture.js'
import type { RunEvent } from '../../shared/events.js'
import { readJsonFile } from '../../storage/jsonFile.js'
import { stemWidth } from '../network/supernet/layout.js'
import { runTable } from './latencyStage.js'
import { openTrainerOf } from './trainStage.js'
import type { Workplace } from './workplace.js'

/** How far from the target latency a drawn candidate may lie: a much faster one leaves accuracy unused, and w hardly pays for it. */
const leastShare = 0.8
const largestShare = 1.1

interface Candidate {
  /** 0: the likeliest. */
  number: number
  architecture: Architecture
  latencyMs: number
}
type CandidateJudged = Extract<RunEvent, { type: 'candidate-judged' }>

/** @returns the best of the last round by accuracy * (latency / target) ^ w; undefined where a stop was asked for */
export async function compareCandidates(workplace: Workplace, variant: string, likeliest: Architecture, logits: ArchitectureLogits): Promise<Architecture | undefined> {
  const { context, space, pairs } = workplace
  const { seed, search } = context.settings
  const table = runTable(workplace)
  const latencyMs = (architecture: Architecture): number => tableLatencyMs(architecture, table)
  const drawn = drawCandidates({
    space, logits, pairs, seed, latencyMs,
    count: search.candidates - 1,
    known: [likeliest],
    stemWidth: stemWidth(space, 'student'),
    name: 'student',
    latencyWindow: { leastMs: leastShare * search.targetLatencyMs, mostMs: largestShare * search.targetLatencyMs }
  })
  const candidates: Candidate[] = [likeliest, ...drawn].map((architecture, number) => ({ number, architecture, latencyMs: latencyMs(architecture) }))
  // Fewer than were asked for can be drawn where the search is sure.
  const rounds = candidateRounds({ ...search, candidates: candidates.length })
  const total = rounds.reduce((sum, { count, steps }) => sum + count * steps, 0)
  let done = 0
  let left = candidates
  const events: CandidateJudged[] = []
  for (const [round, { steps }] of rounds.entries()) {
    const judged: { candidate: Candidate; meanIoU: number; value: number }[] = []
    for (const candidate of left) {
      context.progress('candidates', done, total)
      const meanIoU = await shortTraining(workplace, `candidate-${variant}-${round}-${candidate.number}.json`, candidate.architecture, steps)
      if (meanIoU === undefined) return undefined
      judged.push({ candidate, meanIoU, value: objective(meanIoU, candidate.latencyMs, search.targetLatencyMs, search.latencyExponent) })
      done += steps
    }
    left = [...judged].sort((a, b) => b.value - a.value).slice(0, survivors(rounds, round)).map(({ candidate }) => candidate)
    for (const { candidate, meanIoU, value } of judged) {
      const { number, architecture, latencyMs } = candidate
      const pair = architecture.branches.map(({ finalScale }) => finalScale).sort((a, b) => a - b).join(',')
      const chosen = left.includes(candidate)
      events.push({ type: 'candidate-judged', variant, round, candidate: number, drawn: number > 0, pair, steps, meanIoU, latencyMs, objective: value, chosen })
    }
  }
  context.progress('candidates', total, total)
  events.forEach((event) => context.emit(event))
  return left[0].architecture
}

/** Selection mIoU after a few steps from scratch, without a teacher; undefined where a stop was asked for. */
async function shortTraining(workplace: Workplace, file: string, architecture: Architecture, steps: number): Promise<number | undefined> {
  const { run, settings, control } = workplace.context
  const kept = run.manifest.inputs[file] ?? run.keptInput(file)
  if (kept) return (readJsonFile(`${run.path}/${kept.file}`) as { meanIoU: number }).meanIoU
  const train = { ...settings.train, warmupSteps: Math.min(settings.train.warmupSteps, Math.ceil(steps / 10)) }
  const { trainer, judge } = openTrainerOf(workplace, { name: 'student', stage: 'derive', architecture, steps, settings: train })
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
