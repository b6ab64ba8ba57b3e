/** Which settings may change when a run is resumed: only those that leave every number of its result as it was. */
import { AppError } from '../errors.js'
import { describeSettings } from './describeSettings.js'
import type { Settings } from './settings.js'

export interface SettingChange {
  path: string
  before: unknown
  after: unknown
  allowed: boolean
}

/** All settings that differ between a run's manifest and what is asked for now. */
export function settingChanges(before: Settings, after: Settings): SettingChange[] {
  return describeSettings().flatMap(({ path, mayChangeOnResume }) => {
    const change = { path, before: read(before, path), after: read(after, path), allowed: mayChangeOnResume }
    return JSON.stringify(change.before) === JSON.stringify(change.after) ? [] : [change]
  })
}

/** @throws AppError `settings.changed-on-resume` that names each setting that would break exactness */
export function refuseChangesOnResume(before: Settings, after: Settings, run: string): void {
  const refused = settingChanges(before, after).filter((change) => !change.allowed)
  if (refused.length === 0) return
  const list = refused.map((change) => `${change.path} (was ${JSON.stringify(change.before)}, now ${JSON.stringify(change.after)})`)
  throw new AppError('settings.changed-on-resume', `Run ${run} cannot go on with other values of ${list.join(', ')}.`)
}

function read(settings: Settings, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], settings)
}
