/** The forecast as a person reads it before the start. */
import { branchesOf } from '../core/branchesOf.js'
import { powerOfTen } from '../core/powerOfTen.js'
import { spaceSize } from '../core/spaceSize.js'
import type { Settings } from '../shared/config/settings.js'
import type { RunJob } from '../shared/runPlan.js'
import type { Forecast } from '../host/forecast.js'
import { byteSizeText } from '../host/byteSize.js'
import { durationText } from '../host/duration.js'
import { tableText } from './table.js'

const yields: Record<RunJob, string> = {
  run: 'two derived networks (teacher and student), trained, scored, exported, and a report',
  search: 'the architectures of a teacher and a student',
  train: 'the given network, trained, scored, exported, and a report'
}

export function forecastText(made: Forecast, settings: Settings, job: RunJob): string {
  const { data, space } = settings
  const searched =
    job === 'train'
      ? []
      : [`Searched: ${space.layers} layers, base width ${space.baseWidth}, widths ${space.widths.join(', ')} of 12.`, spaceText(space)]
  const basis = made.basis === 'measured' ? 'by the pace of earlier runs here' : 'by the pace of a machine with two idle cores'
  return [
    `You will get ${yields[job]}.`,
    `Data: ${data.source}, crops of ${data.cropHeight}x${data.cropWidth}.`,
    ...searched,
    tableText(
      ['stage', 'steps', 'about'],
      made.stages.map(({ stage, steps, minutes }) => [stage, steps === 0 ? '' : String(steps), durationText(minutes * 60)])
    ),
    `In all about ${durationText(made.minutes * 60)} and ${byteSizeText(made.memoryBytes)} of memory, ${basis}.`
  ].join('\n')
}

/** How large the space is, with the paths of each set of branches where there are several. */
function spaceText({ branchPairs, ...space }: Settings['space']): string {
  const { pathsOf, paths, inner, last, totalLog10 } = spaceSize(space, branchPairs.map(branchesOf))
  const { digits, power } = powerOfTen(totalLog10)
  const each = branchPairs.length > 1 ? ` (${branchPairs.map((branches, index) => `to ${branches}: ${pathsOf[index]}`).join('; ')})` : ''
  const choices = `${inner.choices}^${inner.cells} * ${last.choices}^${last.cells}`
  return `The space: ${paths} paths${each}, ${choices} choices of operators and widths in the cells; ${digits}e+${power} networks.`
}
