/** The command line that makes a run again. */
import { describeSettings } from './describeSettings.js'
import type { Settings } from './settings.js'

export interface SettingValue {
  path: string
  label: string
  unit: string
  /** As it is written on the command line. */
  value: string
  changed: boolean
}

/** Every setting with its value in words, in the schema's order. */
export function settingValues(settings: Settings): SettingValue[] {
  return describeSettings().map(({ path, label, unit, kind, default: usual }) => {
    const found = path.split('.').reduce<unknown>((group, key) => (group as Record<string, unknown>)[key], settings)
    // Choices hold commas themselves (`16,32`), so a list of them is parted by semicolons.
    const value = Array.isArray(found) ? found.join(kind === 'choices' ? ';' : ',') : String(found)
    return { path, label, unit, value, changed: JSON.stringify(found) !== JSON.stringify(usual) }
  })
}

/** `cellscope JOB --name NAME` with every setting that is not the default, quoted for a POSIX shell. `name` null leaves it to the program. */
export function commandLine(job: string, name: string | null, settings: Settings, program = 'cellscope'): string {
  const flags = settingValues(settings).filter(({ changed }) => changed).flatMap(({ path, value }) => [`--${path}`, quoted(value)])
  return [program, job, ...(name === null ? [] : ['--name', quoted(name)]), ...flags].join(' ')
}

export function quoted(text: string): string {
  return /^[\w.,:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`
}
