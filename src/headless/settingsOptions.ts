/** Every setting as a flag of a command: `--search.lambda 0.02`. */
import { Option, type Command } from 'commander'
import { describeSettings, type SettingDescription } from '../shared/config/describeSettings.js'
import { placeSetting, readSettingFlag } from '../shared/config/settingFlag.js'
import type { SettingsInput } from '../shared/config/settings.js'
import { defaultText, groupTitle } from '../shared/config/settingsReference.js'

const placeholders = {
  number: '<number>',
  integer: '<n>',
  numbers: '<a,b,...>',
  integers: '<a,b,...>',
  choices: '<"a;b">',
  choice: '<choice>',
  // The flag alone means true.
  boolean: '[true|false]',
  text: '<text>'
} as const

/** Adds the settings of the groups (all groups unless told otherwise), under one heading a group. */
export function addSettingOptions(command: Command, groups?: readonly string[]): Command {
  for (const setting of describeSettings()) {
    if (groups === undefined || groups.includes(setting.group)) command.addOption(settingOption(setting))
  }
  return command
}

function settingOption(setting: SettingDescription): Option {
  const unit = setting.unit === '' ? '' : ` ${setting.unit}`
  const facts = [setting.kind === 'text' ? '' : setting.range, `default ${defaultText(setting)}${unit}`].filter((fact) => fact !== '')
  const help = `${setting.help} [${facts.join('; ')}]`
  const title = setting.group === '' ? 'Settings: the run' : `Settings: ${groupTitle(setting.group).toLowerCase()}`
  return new Option(`--${setting.path} ${placeholders[setting.kind]}`, help).helpGroup(`${title}:`)
}

/** The settings that were given as flags, and only those. @throws AppError settings.invalid-value */
export function givenSettings(options: Record<string, unknown>): SettingsInput {
  const given: SettingsInput = {}
  for (const setting of describeSettings()) {
    const text = options[setting.path] === true ? 'true' : options[setting.path]
    if (typeof text === 'string') placeSetting(given, setting.path, readSettingFlag(setting, text))
  }
  if (typeof options.data === 'string' && options['data.source'] === undefined) placeSetting(given, 'data.source', options.data)
  return given
}
