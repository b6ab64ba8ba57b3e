/** What a run would do, and starting it; going on with one that stands still. */
import type { Settings, SettingsInput } from '../../../shared/config/settings.js'
import { commandLine } from '../../../shared/config/commandLine.js'
import { Workspace } from '../../../storage/workspace.js'
import { collectSettings } from '../../collectSettings.js'
import { forecast } from '../../forecast.js'
import { newRun } from '../../newRun.js'
import { readPace } from '../../pace.js'
import { prepareResume } from '../../resumeRun.js'
import { refuseForeignPaths } from '../browserLimits.js'
import type { DeskParts, RequestHandlers } from '../requestHandler.js'

export const startRequests: Pick<RequestHandlers, 'forecast' | 'startRun' | 'resumeRun'> = {
  forecast(asked, { job, settings: typed }) {
    const settings = settingsOf(asked, typed)
    return { ...forecast(settings, job, readPace(asked.workspace)), settings, command: commandLine(job, null, settings, asked.command) }
  },

  async startRun(asked, { job, name, settings: typed }) {
    const { workspace, keeper } = asked
    const settings = settingsOf(asked, typed)
    if (name !== null) Workspace.open(workspace).runPath(name)
    const made = forecast(settings, job, readPace(workspace))
    const run = await keeper.start(name ?? job, () => newRun({ workspace, job, settings, forecast: made, ...(name === null ? {} : { name }) }))
    return { run }
  },

  async resumeRun({ keeper, openRun }, { run: name }) {
    openRun(name)
    await keeper.start(name, () => {
      const run = openRun(name)
      prepareResume(run, {})
      return run
    })
    return {}
  }
}

function settingsOf({ options }: DeskParts, typed: Record<string, unknown>): Settings {
  const settings = collectSettings({ flags: typed as SettingsInput, source: 'The settings' })
  refuseForeignPaths(options, settings)
  return settings
}
