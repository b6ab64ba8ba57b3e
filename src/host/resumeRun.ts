/** Going on with a run that stands still: what must not change is refused by name, what may change is written down. */
import { mergeSettings } from '../shared/config/mergeSettings.js'
import { parseSettings } from '../shared/config/parseSettings.js'
import type { SettingsInput } from '../shared/config/settings.js'
import { refuseChangesOnResume } from '../shared/config/settingsOnResume.js'
import { AppError } from '../shared/errors.js'
import type { RunFolder } from '../storage/runFolder.js'
import { readRunState } from '../storage/runState.js'

/** @throws AppError run.finished, settings.changed-on-resume, settings.* */
export function prepareResume(run: RunFolder, flags: SettingsInput): void {
  const { manifest } = run
  if (readRunState(run).progress === 'finished') throw new AppError('run.finished', `Run ${manifest.name} has finished already.`)
  if (Object.keys(flags).length === 0) return
  const settings = parseSettings(mergeSettings(manifest.settings, flags), 'The command line')
  refuseChangesOnResume(manifest.settings, settings, manifest.name)
  run.updateManifest({ settings })
}
