/** The single jobs of the engine as commands: derive, evaluate, export, latency, report, scan. */
import { resolve } from 'node:path'
import { collectSettings } from '../../host/collectSettings.js'
import { findRun } from '../../host/findRun.js'
import { locateModel } from '../../host/locateModel.js'
import { mergeSettings } from '../../shared/config/mergeSettings.js'
import { parseSettings } from '../../shared/config/parseSettings.js'
import { AppError } from '../../shared/errors.js'
import { exportFormats } from '../../shared/jobInputs.js'
import { choice } from '../choice.js'
import { textOption, type CommandContext, type CommandOptions } from '../commandContext.js'
import { runJob } from '../runJob.js'
import { givenSettings } from '../settingsOptions.js'
import { readSize } from '../size.js'
import { importCommand, wantsImport } from './importCommand.js'

const networks = ['teacher', 'student', 'plain', 'handmade'] as const

/** Derives from a run in the engine. From a file of arrays it is `importCommand`. */
export function deriveCommand(context: CommandContext, name: string): number | Promise<number> {
  const { options, workspace } = context
  if (wantsImport(options, name)) return importCommand(context)
  const run = findRun(workspace, name)
  const step = textOption(options, 'step')
  const out = outPath(options, 'architecture.json')
  return runJob(
    context,
    'derive',
    {
      run: run.path,
      variant: textOption(options, 'variant') ?? '',
      step: step === undefined ? null : wholeNumber('--step', step),
      network: choice('--network', textOption(options, 'network') ?? 'student', ['teacher', 'student'] as const),
      out
    },
    () => `Written: ${out}`
  )
}

export function evaluateCommand(context: CommandContext, model: string): Promise<number> {
  const { options, workspace } = context
  const located = locateModel(workspace, model)
  const settings = parseSettings(mergeSettings(located.settings ?? {}, givenSettings(options)), 'The command line')
  const source = settings.data.source === 'streets' ? 'streets' : resolve(settings.data.source)
  const out = textOption(options, 'out')
  return runJob(
    context,
    'evaluate',
    {
      model: located.path,
      network: choice('--network', textOption(options, 'network') ?? 'student', networks),
      data: { ...settings.data, source },
      seed: settings.seed,
      split: choice('--split', textOption(options, 'split') ?? 'val', ['train', 'val'] as const),
      out: out === undefined ? null : resolve(out)
    },
    asText
  )
}

export function exportCommand(context: CommandContext, model: string): Promise<number> {
  const { options, workspace } = context
  const located = locateModel(workspace, model)
  const format = choice('--format', textOption(options, 'format') ?? 'onnx', exportFormats)
  const init = choice('--init', textOption(options, 'init') ?? 'trained', ['trained', 'random'] as const)
  const latency = located.settings?.latency ?? { height: 256, width: 512 }
  const size = readSize(textOption(options, 'size') ?? `${latency.height}x${latency.width}`)
  const out = outPath(options, format === 'onnx' ? 'model.onnx' : format === 'safetensors' ? 'weights.safetensors' : 'model')
  return runJob(
    context,
    'export',
    {
      model: located.path,
      network: choice('--network', textOption(options, 'network') ?? 'student', networks),
      weights:
        init === 'trained' ? { kind: 'trained' } : { kind: 'random', seed: wholeNumber('--seed', textOption(options, 'seed') ?? '1') },
      format,
      compare: false,
      ...size,
      out
    },
    (value) => ownWords(value) ?? `Written: ${out}`
  )
}

export function latencyMeasureCommand(context: CommandContext): Promise<number> {
  const { options } = context
  const settings = collectSettings({ ...presetOf(options), flags: givenSettings(options) })
  const out = outPath(options, 'latency.json')
  const classes = wholeNumber('--classes', textOption(options, 'classes') ?? '19')
  return runJob(context, 'latency', { space: settings.space, latency: settings.latency, classes, out }, (value) => ownWords(value) ?? `Written: ${out}`)
}

export function latencyTimeCommand(context: CommandContext, architecture: string): Promise<number> {
  const { options } = context
  const settings = collectSettings({ ...presetOf(options), flags: givenSettings(options) })
  const table = textOption(options, 'table')
  const input = { architecture: resolve(architecture), table: table === undefined ? null : resolve(table), latency: settings.latency }
  return runJob(context, 'time', input, asText)
}

export function reportCommand(context: CommandContext, name: string): Promise<number> {
  const { options, workspace } = context
  const run = findRun(workspace, name)
  const out = outPath(options, resolve(run.outputsPath, 'report.html'))
  return runJob(context, 'report', { run: run.path, out }, () => `Written: ${out}`)
}

export function scanCommand(context: CommandContext): Promise<number> {
  const settings = collectSettings({ flags: givenSettings(context.options) })
  return runJob(context, 'scan', { data: settings.data, seed: settings.seed }, asText)
}

function presetOf(options: CommandOptions): { preset?: string } {
  const preset = textOption(options, 'preset')
  return preset === undefined ? {} : { preset }
}

function outPath(options: CommandOptions, otherwise: string): string {
  return resolve(textOption(options, 'out') ?? otherwise)
}

/** Answers are plain data; those with a `text` bring their own words. */
function asText(value: unknown): string {
  return ownWords(value) ?? JSON.stringify(value, null, 2)
}

function ownWords(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string' ? value.text : undefined
}

/** @throws AppError settings.invalid-value */
function wholeNumber(flag: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text)
  throw new AppError('settings.invalid-value', `${flag} must be a whole number, but is "${text.slice(0, 80)}".`)
}
