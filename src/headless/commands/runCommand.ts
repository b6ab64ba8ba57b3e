/** `cellscope run`, `search`, `train`: a new run from settings, seen through in the foreground. */
import { branchesOf } from '../../core/branchesOf.js'
import { spaceSize } from '../../core/spaceSize.js'
import { collectSettings } from '../../host/collectSettings.js'
import { forecast } from '../../host/forecast.js'
import { readArchitecture } from '../../host/inspectArchitecture.js'
import { newRun, type NewRunOptions } from '../../host/newRun.js'
import { readPace } from '../../host/pace.js'
import { withWorkspace } from '../../host/withWorkspace.js'
import type { Settings } from '../../shared/config/settings.js'
import type { RunJob } from '../../shared/runPlan.js'
import { textOption, type CommandContext } from '../commandContext.js'
import { exitCode } from '../exitCode.js'
import { followRun } from '../followRun.js'
import { forecastText } from '../forecastText.js'
import { givenSettings } from '../settingsOptions.js'

export interface RunRequest {
  job: RunJob
  /** Path of the student's architecture.json, for train. */
  architecture?: string
  /** Preset where none is given. */
  preset?: string
}

export async function runCommand(context: CommandContext, request: RunRequest): Promise<number> {
  const { options, view, workspace } = context
  const settings = collectSettings({
    ...optional('preset', textOption(options, 'preset') ?? request.preset),
    ...optional('file', textOption(options, 'config')),
    flags: givenSettings(options)
  })
  const architectures = readArchitectures(context, request)
  const made = forecast(settings, request.job, readPace(workspace), architectures.architectures)
  const told = { ...made, settings, ...(request.job === 'train' ? {} : { space: spaceOf(settings) }) }
  view.tell('forecast', told, forecastText(made, settings, request.job))
  if (options.dryRun === true) return exitCode.ok
  return withWorkspace(workspace, () => {
    const run = newRun({
      workspace,
      ...optional('name', textOption(options, 'name')),
      job: request.job,
      settings,
      forecast: made,
      ...architectures
    })
    view.tell('started', { run: run.manifest.name, folder: run.path }, `Run ${run.manifest.name} in ${run.path}\n`)
    return followRun(context, run, false)
  })
}

/** Whole numbers as text: no double holds them. */
function spaceOf({ space }: Settings): { paths: string; cells: string; total: string; totalLog10: number } {
  const { paths, cells, total, totalLog10 } = spaceSize(space, space.branchPairs.map(branchesOf))
  return { paths: paths.toString(), cells: cells.toString(), total: total.toString(), totalLog10 }
}

function readArchitectures({ options }: CommandContext, request: RunRequest): Pick<NewRunOptions, 'architectures'> {
  if (request.architecture === undefined) return {}
  const teacher = textOption(options, 'teacher')
  return {
    architectures: {
      student: readArchitecture(request.architecture),
      ...(teacher === undefined ? {} : { teacher: readArchitecture(teacher) })
    }
  }
}

/** `{ name: value }`, or nothing where there is no value: our types tell a missing property from an undefined one. */
function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]?: Value })
}
