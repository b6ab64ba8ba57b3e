/** `cellscope runs`: the runs of a workspace. */
import { listRuns } from '../../host/listRuns.js'
import type { CommandContext } from '../commandContext.js'
import { exitCode } from '../exitCode.js'
import { tableText } from '../table.js'

export function runsCommand({ view, workspace }: CommandContext): number {
  const runs = listRuns(workspace)
  const rows = runs.map((run) => [run.name, run.job, run.progress, run.stage, run.createdAt.slice(0, 16).replace('T', ' '), run.error])
  view.result(
    runs,
    rows.length === 0 ? `There are no runs in ${workspace}.` : tableText(['run', 'command', 'state', 'stage', 'begun', 'problem'], rows)
  )
  return exitCode.ok
}
