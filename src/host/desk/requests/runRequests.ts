/** The runs of the workspace, and what each of them is. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { RunSummary } from '../../../shared/clientProtocol.js'
import type { RunJob } from '../../../shared/runPlan.js'
import { readTable } from '../../../storage/latencyTableFile.js'
import { runDescription } from '../../../storage/runDescription.js'
import { readRunState } from '../../../storage/runState.js'
import { listRuns } from '../../listRuns.js'
import { workload } from '../../workload.js'
import { liesIn } from '../browserLimits.js'
import type { DeskParts, RequestHandlers } from '../requestHandler.js'
import { runFigures } from '../runFigures.js'

export const runRequests: Pick<RequestHandlers, 'listRuns' | 'describeRun' | 'readLatencyTable'> = {
  listRuns(asked): RunSummary[] {
    const isBrowser = asked.options.shell === 'browser'
    const runs = listRuns(asked.workspace).filter(({ folder }) => !isBrowser || liesIn(dirname(folder), folder))
    return runs.map(({ name, folder, job, progress, stage, createdAt, error }) => ({
      name,
      job,
      progress: progress as RunSummary['progress'],
      live: liveState(asked, name),
      stage,
      createdAt,
      ...runFigures(join(folder, 'journal.ndjson')),
      error
    }))
  },

  describeRun(asked, { run: name }) {
    const run = asked.openRun(name)
    const { job, settings } = run.manifest
    const plan = workload(settings, job as RunJob).filter(({ stage }) => stage !== 'dataset')
    return {
      ...runDescription(run, asked.command),
      name,
      job,
      progress: readRunState(run).progress,
      live: liveState(asked, name),
      plan: plan.map(({ stage, variant, steps }) => ({ stage, variant: variant ?? '', steps }))
    }
  },

  readLatencyTable({ openRun }, { run: name }) {
    const run = openRun(name)
    const input = run.manifest.latencyTable
    if (input === null) return null
    const file = join(run.path, input.file)
    return existsSync(file) ? readTable(file) : null
  }
}

function liveState({ keeper }: DeskParts, name: string): RunSummary['live'] {
  const current = keeper.current()
  return current?.run === name ? current.live : null
}
