/** The settings of a new run out of preset, file and flags, each over the one before. */
import { resolve } from 'node:path'
import { mergeSettings } from '../shared/config/mergeSettings.js'
import { parseSettings } from '../shared/config/parseSettings.js'
import { nearestName } from '../shared/config/nearestName.js'
import type { Settings, SettingsInput } from '../shared/config/settings.js'
import { AppError } from '../shared/errors.js'
import { presetNames, presets } from '../shared/presets.js'
import { readSettingsFile } from './readSettingsFile.js'

export interface SettingsSources {
  preset?: string
  /** Path of a JSON file. */
  file?: string
  flags: SettingsInput
  /** Where the flags come from, for messages; default the command line. */
  source?: string
}

/** Paths become absolute, so that a run can be resumed from anywhere. @throws AppError settings.* */
export function collectSettings({ preset, file, flags, source = 'The command line' }: SettingsSources): Settings {
  const layers = [...(preset === undefined ? [] : [presetSettings(preset)]), ...(file === undefined ? [] : [readSettingsFile(file)])]
  // The file is checked by itself first, so that the message names it and not the flags.
  if (file !== undefined) parseSettings(mergeSettings(...layers), file)
  const settings = parseSettings(mergeSettings(...layers, flags), source)
  return withAbsolutePaths(settings)
}

function presetSettings(name: string): SettingsInput {
  const found = presetNames.find((known) => known === name)
  if (found !== undefined) return presets[found].settings as unknown as SettingsInput
  const nearest = nearestName(name, presetNames)
  const hint =
    nearest === undefined ? `There are ${presetNames.join(', ')}.` : `Did you mean "${nearest}"? There are ${presetNames.join(', ')}.`
  throw new AppError('settings.invalid-value', `There is no preset "${name.slice(0, 80)}".`, { hint })
}

function withAbsolutePaths(settings: Settings): Settings {
  const source = settings.data.source === 'streets' ? 'streets' : resolve(settings.data.source)
  const table = settings.latency.table === '' ? '' : resolve(settings.latency.table)
  return { ...settings, data: { ...settings.data, source }, latency: { ...settings.latency, table } }
}
