/** The reference page of all settings, as markdown; docs/settings.md is this text. */
import { describeSettings, type SettingDescription } from './describeSettings.js'

const titles: Record<string, string> = {
  '': 'The run',
  data: 'Data',
  space: 'Search space',
  latency: 'Latency',
  pretrain: 'Pretraining the supernet',
  search: 'Search',
  train: 'Training the derived networks',
  run: 'Running'
}

/** The title under which a group of settings is shown in help texts, forms and the reference. */
export function groupTitle(group: string): string {
  return titles[group] ?? group
}

export function settingsReference(): string {
  const settings = describeSettings()
  const groups = [...new Set(settings.map((setting) => setting.group))]
  const head = [
    '# Settings',
    '',
    'Made from the schemas in `src/shared/config/settings.ts` by `cellscope settings --markdown`; do not edit by hand.',
    '',
    'Give a setting as a flag (`--search.lambda 0.02`) or in a JSON file (`--config run.json` with `{"search": {"lambda": 0.02}}`).',
    'A preset comes first, the file over it, flags over both. Lists are given as `4,8,12`; branches as `"16,32;8,32"`.',
    '*resume* marks what may change when a run is resumed.'
  ]
  return [
    ...head,
    ...groups.flatMap((group) =>
      section(
        group,
        settings.filter((setting) => setting.group === group)
      )
    ),
    ''
  ].join('\n')
}

function section(group: string, settings: SettingDescription[]): string[] {
  const rows = settings.map(
    (setting) =>
      `| \`${setting.path}\`${setting.mayChangeOnResume ? ' *resume*' : ''} | ${defaultText(setting)} | ${cell(rangeText(setting))} | ${cell(setting.help)} |`
  )
  return ['', `## ${groupTitle(group)}`, '', '| setting | default | range | meaning |', '|---|---|---|---|', ...rows]
}

function rangeText(setting: SettingDescription): string {
  return setting.unit === '' ? setting.range : `${setting.range} (${setting.unit})`
}

/** The default as one would type it; empty text is shown as such. */
export function defaultText(setting: SettingDescription): string {
  if (setting.default === '') return '(empty)'
  if (Array.isArray(setting.default)) return setting.default.join(setting.kind === 'choices' ? ';' : ',')
  if (typeof setting.default === 'number' && !Number.isInteger(setting.default)) return String(Number(setting.default.toPrecision(6)))
  return String(setting.default)
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|')
}
