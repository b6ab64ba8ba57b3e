/** The table at the end of a run, and the one sentence below it. */
import { readRunResults, type NetworkResult, type RunResults } from '../host/readRunResults.js'
import type { RunFolder } from '../host/findRun.js'
import { millions } from './describeEvent.js'
import { tableText } from './table.js'

const names: Record<string, string> = {
  teacher: 'teacher',
  student: 'student',
  plain: 'student without distillation',
  handmade: 'hand-made network'
}

export function runTable(run: RunFolder): { value: RunResults & { sentence: string }; text: string } {
  const results = readRunResults(run)
  const sentence = verdict(results)
  const parts = [networkTable(results.networks), fileTable(results, run), sentence].filter((part) => part !== '')
  return { value: { ...results, sentence }, text: parts.join('\n\n') }
}

function networkTable(networks: NetworkResult[]): string {
  if (networks.length === 0) return ''
  const rows = networks.map(({ network, scores, parameters, multiplyAdds, predictedLatencyMs, measuredLatencyMs }) => [
    names[network] ?? network,
    scores === undefined ? '-' : scores.meanIoU.toFixed(3),
    parameters === undefined ? '-' : millions(parameters),
    multiplyAdds === undefined ? '-' : millions(multiplyAdds),
    predictedLatencyMs === undefined ? '-' : predictedLatencyMs.toFixed(2),
    measuredLatencyMs === undefined ? '-' : measuredLatencyMs.toFixed(2)
  ])
  return tableText(['network', 'mIoU', 'parameters', 'multiply-adds', 'predicted ms', 'measured ms'], rows)
}

function fileTable({ exported }: RunResults, run: RunFolder): string {
  if (exported.length === 0) return ''
  const rows = exported.map(({ path, format, largestDifference, argmaxAgreement }) => [
    path.startsWith(run.path) ? path.slice(run.path.length + 1) : path,
    format,
    largestDifference.toExponential(1),
    `${(argmaxAgreement * 100).toFixed(2)} %`
  ])
  return tableText(['file', 'format', 'largest difference', 'same class'], rows)
}

/** Whether the search was worth it, also when it was not. Empty where there is nothing to compare with. */
export function verdict({ networks }: Pick<RunResults, 'networks'>): string {
  const student = networks.find(({ network }) => network === 'student')
  const handmade = networks.find(({ network }) => network === 'handmade')
  if (student?.scores === undefined || handmade?.scores === undefined) return ''
  const difference = student.scores.meanIoU - handmade.scores.meanIoU
  const both = `mIoU ${student.scores.meanIoU.toFixed(3)} against ${handmade.scores.meanIoU.toFixed(3)}`
  const times =
    student.measuredLatencyMs === undefined || handmade.measuredLatencyMs === undefined
      ? ''
      : `, ${student.measuredLatencyMs.toFixed(2)} ms against ${handmade.measuredLatencyMs.toFixed(2)} ms`
  if (difference > 0) return `The found network beats the hand-made one: ${both}${times}.`
  if (difference === 0) return `The found network is as good as the hand-made one, and no better: ${both}${times}.`
  return `The found network does not beat the hand-made one: ${both}${times}.`
}
