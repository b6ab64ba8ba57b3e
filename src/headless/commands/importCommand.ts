/** `cellscope derive --from FILE`: what a file of raw arrays decodes to; needs no TensorFlow. */
import { resolve } from 'node:path'
import { importArchitecture, type ImportedArchitecture } from '../../host/importArchitecture.js'
import { scales, type Scale } from '../../shared/architecture.js'
import { AppError } from '../../shared/errors.js'
import { choice } from '../choice.js'
import { textOption, type CommandContext, type CommandOptions } from '../commandContext.js'
import { millions } from '../describeEvent.js'
import { exitCode } from '../exitCode.js'
import { readSize } from '../size.js'
import { tableText } from '../table.js'

/** Whether `derive` reads a file instead of the run. Refuses flags of the other way: they would be ignored in silence. */
export function wantsImport(options: CommandOptions, run: string): boolean {
  const isImport = options.from !== undefined
  const foreign = (isImport ? ['variant', 'step'] : ['rules', 'pair', 'table', 'size']).find((name) => options[name] !== undefined)
  if (foreign !== undefined) throw invalid(`--${foreign} ${isImport ? 'belongs to a run, not to --from' : 'goes only with --from'}.`)
  if (isImport && run !== '') throw invalid(`derive takes a run or --from, but got both: "${run.slice(0, 80)}" and --from.`)
  if (!isImport && run === '') throw invalid('derive needs a run, or --from with a file of raw arrays.')
  return isImport
}

export function importCommand({ options, headless, view }: CommandContext): number {
  const text = (name: string): string | undefined => textOption(options, name)
  const path = (name: string): string | undefined => (text(name) === undefined ? undefined : resolve(text(name) ?? ''))
  const network = text('network')
  const out = path('out')
  const answer = importArchitecture({
    from: path('from') ?? '',
    network: network === undefined ? undefined : choice('--network', network, ['teacher', 'student'] as const),
    rules: choice('--rules', text('rules') ?? 'ours', ['published', 'ours'] as const),
    pair: readPair(text('pair') ?? '32,16'),
    table: path('table'),
    size: readSize(text('size') ?? '1024x2048'),
    out
  })
  // The whole answer is one JSON object, as in `inspect`: this is what other programs read.
  if (options.json === true) headless.terminal.out(`${JSON.stringify(answer)}\n`)
  else view.result(answer, answerText(answer, text('size') ?? '1024x2048', out))
  return exitCode.ok
}

/** `32,16`: one to three different final scales, in the order of the answer. */
function readPair(text: string): Scale[] {
  const words = text.split(',').map((word) => word.trim())
  const found = words.map((word) => scales.find((scale) => String(scale) === word))
  const known = found.filter((scale): scale is Scale => scale !== undefined)
  if (known.length === words.length && new Set(known).size === known.length) return known
  throw invalid(`--pair must be one to three different scales of 8, 16, 32, as 32,16, but is "${text.slice(0, 80)}".`)
}

function answerText({ branches, sharedLayers, parameters, multiplyAdds, tableLatencyMs }: ImportedArchitecture, size: string, out?: string): string {
  const tables = branches.flatMap(({ finalScale, operators, scales: inputs, downsamples, widths }) => {
    const rows = operators.map((operator, index) => [
      String(index),
      operator,
      `1/${inputs[index]}${downsamples[index] ? ` to 1/${2 * inputs[index]}` : ''}`,
      index < widths.length ? `${widths[index]}/12` : 'head'
    ])
    return [`Branch to 1/${finalScale}`, tableText(['cell', 'operator', 'scale', 'width'], rows), '']
  })
  const latency = tableLatencyMs === null ? [] : [`${tableLatencyMs.toFixed(8)} ms by the table.`]
  return [
    ...tables,
    `The first ${sharedLayers} cells are shared.`,
    `${millions(parameters)} parameters (${parameters}); ${millions(multiplyAdds)} multiply-adds (${multiplyAdds}) at ${size}.`,
    ...latency,
    ...(out === undefined ? [] : [`Written: ${out}`])
  ].join('\n')
}

function invalid(message: string): AppError {
  return new AppError('settings.invalid-value', message, { hint: 'See `cellscope derive --help`.' })
}
