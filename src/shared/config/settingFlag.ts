/** A setting given as text on the command line, such as `--search.lambda 0.02` or `--space.widths 4,8,12`. */
import { AppError } from '../errors.js'
import type { SettingDescription } from './describeSettings.js'
import type { SettingsInput } from './settings.js'

/** The flag's value as its setting wants it. Whether it lies in the range is parseSettings' matter. */
export function readSettingFlag(setting: SettingDescription, text: string): unknown {
  switch (setting.kind) {
    case 'number':
    case 'integer':
      return readNumber(setting, text)
    case 'numbers':
    case 'integers':
      return text.split(/[,;\s]+/).map((item) => readNumber(setting, item))
    case 'choices':
      // The choices hold commas themselves (`16,32`), so a list of them is split at semicolons or spaces.
      return text.split(/[;\s]+/).filter((item) => item !== '')
    case 'boolean':
      return readBoolean(setting, text)
    case 'choice':
    case 'text':
      return text
  }
}

function readNumber(setting: SettingDescription, text: string): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(value)) throw wrong(setting, text)
  return value
}

function readBoolean(setting: SettingDescription, text: string): boolean {
  if (['true', 'yes', 'on', '1'].includes(text.toLowerCase())) return true
  if (['false', 'no', 'off', '0'].includes(text.toLowerCase())) return false
  throw wrong(setting, text)
}

function wrong(setting: SettingDescription, text: string): AppError {
  return new AppError('settings.invalid-value', `--${setting.path} must be ${setting.range}, but is "${text.slice(0, 80)}".`)
}

/** Puts one value at its path into a settings object, which is changed. */
export function placeSetting(settings: SettingsInput, path: string, value: unknown): void {
  const keys = path.split('.')
  let group = settings as Record<string, unknown>
  for (const key of keys.slice(0, -1)) {
    group[key] ??= {}
    group = group[key] as Record<string, unknown>
  }
  group[keys[keys.length - 1]] = value
}
