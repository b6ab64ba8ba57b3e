/** Events as lines for people. Steps are not among them: they are the progress bar. */
import type { RunEvent, Stage } from '../shared/events.js'

const stageNames: Record<Stage, string> = {
  latency: 'Measuring latencies',
  pretrain: 'Pretraining the supernet',
  search: 'Searching',
  derive: 'Deriving networks',
  'train-teacher': 'Training the teacher',
  'train-student': 'Training the student',
  'train-plain': 'Training the student without distillation',
  'train-handmade': 'Training the hand-made network',
  evaluate: 'Evaluating',
  export: 'Exporting',
  report: 'Writing the report'
}

/** What a stage is called, with its variant where there are two. */
export function stageText(stage: Stage, variant?: string): string {
  return variant === undefined || variant === '' ? stageNames[stage] : `${stageNames[stage]} (${variant})`
}

/** A line for the event, or undefined where the progress bar shows enough. */
export function describeEvent(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'stage-started':
      return event.steps > 1 ? `${stageText(event.stage, event.variant)}: ${event.steps} steps` : stageText(event.stage, event.variant)
    case 'supernet-evaluated':
      return `  epoch ${event.epoch}: supernet mIoU ${bestOf(event.teacher)} (teacher), ${bestOf(event.student)} (student)`
    case 'lambda-controlled':
      return `  epoch ${event.epoch}: derived ${event.derivedMs.toFixed(2)} ms, target ${event.targetMs.toFixed(2)} ms: lambda ${event.change}, now ${Number(event.lambda.toPrecision(6))}`
    case 'pair-judged':
      return `  pair ${event.pair}: mIoU ${event.meanIoU.toFixed(3)}, ${event.latencyMs.toFixed(2)} ms${event.chosen ? ', chosen' : ''}`
    case 'candidate-judged':
      return (
        `  round ${event.round + 1}, candidate ${event.candidate} (${event.plain ? 'plain' : event.drawn ? 'drawn' : 'likeliest'}, pair ${event.pair}): mIoU ${event.meanIoU.toFixed(3)} ` +
        `after ${event.steps} steps, ${event.latencyMs.toFixed(2)} ms${event.chosen ? ', chosen' : ''}`
      )
    case 'derived':
      return (
        `  ${event.network}: ${millions(event.parameters)} parameters, ${millions(event.multiplyAdds)} multiply-adds, ` +
        `${event.predictedLatencyMs.toFixed(2)} ms by the table`
      )
    case 'evaluated':
      return `  ${event.network}, ${event.split} images: mIoU ${event.scores.meanIoU.toFixed(3)}${event.best && event.split === 'selection' ? ' (best so far)' : ''}`
    case 'latency-measured':
      return `  ${event.network}: ${event.measuredMs.toFixed(2)} ms measured, ${event.predictedMs.toFixed(2)} ms predicted`
    case 'exported':
      return `  ${event.path}: largest difference ${event.largestDifference.toExponential(1)}, same class at ${(event.argmaxAgreement * 100).toFixed(2)} %`
    case 'step-refused':
      return `  step ${event.step} was not applied: ${event.reason}`
    case 'note':
      return `  ${event.text}`
    case 'stage-finished':
    case 'step':
    case 'architecture':
    case 'run-finished':
      return undefined
  }
}

function bestOf(scores: Record<string, number>): string {
  const values = Object.values(scores)
  return values.length === 0 ? '-' : Math.max(...values).toFixed(3)
}

/** `1.23 M`, `4.56 G`. */
export function millions(count: number): string {
  return count >= 1e9 ? `${(count / 1e9).toFixed(2)} G` : `${(count / 1e6).toFixed(2)} M`
}
