/** `latency operators`: the comparison of operators as a table. */
import { readComparisonAnswer } from '../../host/desk/jobAnswers.js'
import { AppError } from '../../shared/errors.js'
import { operatorsInput, type JobInputs } from '../../shared/jobInputs.js'
import { publishedComparedMap } from '../../shared/operatorComparison.js'
import { textOption, type CommandContext, type CommandOptions } from '../commandContext.js'
import { runJob } from '../runJob.js'
import { readSize } from '../size.js'
import { tableText } from '../table.js'

export function operatorsCommand(context: CommandContext): Promise<number> {
  return runJob(context, 'operators', inputOf(context.options), comparisonText)
}

/** @throws AppError settings.invalid-value */
function inputOf(options: CommandOptions): JobInputs['operators'] {
  const { height, width, channels } = publishedComparedMap
  const size = readSize(textOption(options, 'size') ?? `${height}x${width}`, { least: 4, most: 1024, multipleOf: 1 })
  const input = {
    map: { ...size, channels: number(options, 'channels', channels) },
    threads: number(options, 'threads', 1),
    rounds: number(options, 'rounds', 50)
  }
  const checked = operatorsInput.safeParse(input)
  if (checked.success) return checked.data
  const flag = String(checked.error.issues[0].path.at(-1))
  throw new AppError('settings.invalid-value', `--${flag} must be ${expected[flag]}, but is "${textOption(options, flag) ?? ''}".`, {
    hint: 'For example: cellscope latency operators --size 32x64 --channels 256 --threads 1 --rounds 50.'
  })
}

const expected: Record<string, string> = {
  channels: 'an even number from 2 to 2048',
  threads: 'a whole number from 1 to 256',
  rounds: 'a whole number from 3 to 10000'
}

/** Not a number where the text is none: the schema refuses it. */
function number(options: CommandOptions, name: string, otherwise: number): number {
  const text = textOption(options, name)
  if (text === undefined) return otherwise
  return /^\d{1,6}$/.test(text) ? Number(text) : NaN
}

function comparisonText(value: unknown): string {
  const { map, machine, runtime, rounds, operators } = readComparisonAnswer(value)
  const standardMs = operators[0].medianMs
  const rows = operators.map((each) => [
    each.operator,
    each.medianMs.toFixed(3),
    each.deviationMs.toFixed(3),
    String(each.count),
    (each.medianMs / standardMs).toFixed(2),
    (each.multiplyAdds / 1e6).toFixed(1),
    (each.parameters / 1e3).toFixed(1),
    `${each.receptiveField.height}x${each.receptiveField.width}`
  ])
  const threads = runtime.threads === 1 ? '1 thread' : `${runtime.threads} threads`
  return [
    `A map of 1x${map.channels}x${map.height}x${map.width}; ${rounds} rounds, ${threads} of ${runtime.name} ${runtime.version}, ${machine.cpu}.`,
    'Milliseconds are medians of a round: the operator behind a 1x1 convolution, less that convolution.',
    '',
    tableText(['operator', 'ms', 'deviation', 'count', 'of conv', 'M multiply-adds', 'k parameters', 'receptive field'], rows)
  ].join('\n')
}
