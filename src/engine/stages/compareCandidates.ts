/**
 * Chooses the student among several derived architectures by training each for a short while and judging it on the selection images
 * (docs/decisions/010). What each came to is kept as an input of the run, so that a resumed run trains none twice.
 */
import { drawCandidates } from '../../core/drawCandidates.js'
import { tableLatencyMs } from '../../core/latency/tableLatency.js'
import { objective } from '../../core/objective.js'
import type { Architecture, ArchitectureLogits } from '../../shared/architecture.js'
import { readJsonFile } from '../../storage/jsonFile.js'
import { stemWidth } from '../network/supernet/layout.js'
import { runTable } from './latencyStage.js'
import { openTrainerOf } from './trainStage.js'
import type { Workplace } from './workplace.js'

/** How far above the target latency a drawn candidate may lie. */
const latencySlack = 1.1

/** @returns the best by accuracy * (latency / target) ^ w; undefined where a stop was asked for */
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
    mostLatencyMs: latencySlack * search.targetLatencyMs
  })
  const architectures = [likeliest, ...drawn]
  const judged: { architecture: Architecture; meanIoU: number; latencyMs: number; value: number }[] = []
  for (const [index, architecture] of architectures.entries()) {
    context.progress('candidates', index, architectures.length)
    const meanIoU = await shortTraining(workplace, variant, index, architecture)
    if (meanIoU === undefined) return undefined
    const latency = latencyMs(architecture)
    judged.push({ architecture, meanIoU, latencyMs: latency, value: objective(meanIoU, latency, search.targetLatencyMs, search.latencyExponent) })
  }
  context.progress('candidates', architectures.length, architectures.length)
  const best = judged.reduce((winner, candidate) => (candidate.value > winner.value ? candidate : winner))
  judged.forEach((candidate, index) => {
    const { architecture, meanIoU, latencyMs, value } = candidate
    const pair = architecture.branches.map(({ finalScale }) => finalScale).sort((a, b) => a - b).join(',')
    context.emit({
      type: 'candidate-judged', variant, candidate: index, drawn: index > 0, pair, steps: search.candidateSteps,
      meanIoU, latencyMs, objective: value, chosen: candidate === best
    })
  })
  return best.architecture
}

/** Selection mIoU after a few steps from scratch, without a teacher; undefined where a stop was asked for. */
async function shortTraining(workplace: Workplace, variant: string, index: number, architecture: Architecture): Promise<number | undefined> {
  const { run, settings, control } = workplace.context
  const file = `candidate-${variant}-${index}.json`
  const kept = run.manifest.inputs[file] ?? run.keptInput(file)
  if (kept) return (readJsonFile(`${run.path}/${kept.file}`) as { meanIoU: number }).meanIoU
  const steps = settings.search.candidateSteps
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
