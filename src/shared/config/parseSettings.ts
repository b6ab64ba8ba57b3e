/** Settings from any source, checked: files, flags and messages all pass here. */
import type { z } from 'zod'
import { AppError } from '../errors.js'
import { describeSettings, type SettingDescription } from './describeSettings.js'
import { nearestName } from './nearestName.js'
import { settingsSchema, type Settings } from './settings.js'

const known: SettingDescription[] = describeSettings()
const knownPaths = known.map((setting) => setting.path)

/**
 * The whole settings of a run: what `input` gives, and defaults for the rest. `source` names where it came from, for messages.
 * @throws AppError `settings.unknown-key` or `settings.invalid-value` with the setting, what was expected and what was found
 */
export function parseSettings(input: unknown, source: string): Settings {
  const parsed = settingsSchema.safeParse(input)
  if (!parsed.success) throw describeIssue(parsed.error.issues, input, source)
  refuseContradictions(parsed.data, source)
  return parsed.data
}

function describeIssue(issues: z.core.$ZodIssue[], input: unknown, source: string): AppError {
  const unknownKeys = issues.find((issue) => issue.code === 'unrecognized_keys')
  if (unknownKeys !== undefined) return unknownKey(unknownKeys.path.map(String), unknownKeys.keys[0], source)
  const issue = issues[0]
  const others = issues.length === 1 ? '' : ` (${issues.length - 1} more of its settings are wrong, too)`
  const setting = settingAt(issue.path)
  if (setting === undefined) {
    const place = issue.path.length === 0 ? 'settings' : `"${issue.path.join('.')}"`
    return new AppError('settings.invalid-value', `${source}: ${place} must be an object, but is ${shown(valueAt(input, issue.path))}.`)
  }
  const found = shown(valueAt(input, setting.path.split('.')))
  const unit = setting.unit === '' ? '' : ` (${setting.unit})`
  return new AppError('settings.invalid-value', `${source}: ${setting.path} must be ${setting.range}${unit}, but is ${found}${others}.`)
}

/** The error for a key that no setting has, with the setting that was probably meant. */
export function unknownKey(group: string[], key: string, source: string): AppError {
  const path = [...group, key].join('.')
  const nearest =
    known.find((setting) => setting.path.endsWith(`.${key}`))?.path ?? nearestName(path, knownPaths) ?? nearestName(path, groups())
  const suggestion = nearest === undefined ? {} : { hint: `Did you mean "${nearest}"? Run with --help to see every setting.` }
  return new AppError('settings.unknown-key', `${source}: there is no setting "${path.slice(0, 100)}".`, suggestion)
}

function groups(): string[] {
  return [...new Set(known.map((setting) => setting.group))].filter((group) => group !== '')
}

function settingAt(path: PropertyKey[]): SettingDescription | undefined {
  const text = path.map(String).join('.')
  return known.find((setting) => text === setting.path || text.startsWith(`${setting.path}.`))
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), input)
}

/** A value as a person reads it, never longer than a line. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/** What no single field can say: settings that do not fit together. */
function refuseContradictions(settings: Settings, source: string): void {
  const { widths } = settings.space
  if (widths.some((width, index) => index > 0 && width <= widths[index - 1]) || widths[widths.length - 1] !== 12) {
    throw new AppError('settings.invalid-value', `${source}: space.widths must ascend and end with 12, but is ${shown(widths)}.`)
  }
  if (new Set(settings.space.branchPairs).size !== settings.space.branchPairs.length) {
    throw new AppError(
      'settings.invalid-value',
      `${source}: space.branchPairs must not repeat any, but is ${shown(settings.space.branchPairs)}.`
    )
  }
  if ((settings.data.height === 0) !== (settings.data.width === 0)) {
    throw new AppError(
      'settings.invalid-value',
      `${source}: data.height and data.width must both be 0 or both be given, but are ${settings.data.height} and ${settings.data.width}.`
    )
  }
  refuseSearchContradictions(settings, source)
}

function refuseSearchContradictions({ search, run, data }: Settings, source: string): void {
  if (search.order === 'second' && run.passWorkers > 1) {
    throw new AppError('settings.invalid-value', `${source}: search.order second runs its passes in one thread and needs run.passWorkers 1, but that is ${run.passWorkers}.`)
  }
  if (search.latencyController === 'window' && search.lambda === 0) {
    throw new AppError('settings.invalid-value', `${source}: search.latencyController window doubles and halves search.lambda, which must be above 0, but is 0.`)
  }
  if ((data.pretrainCropHeight === 0) !== (data.pretrainCropWidth === 0)) {
    throw new AppError(
      'settings.invalid-value',
      `${source}: data.pretrainCropHeight and data.pretrainCropWidth must both be 0 or both be given, but are ${data.pretrainCropHeight} and ${data.pretrainCropWidth}.`
    )
  }
}
