/**
 * The application without a face: it answers what pages ask, keeps the run going whether anybody looks or not, and tells every page what
 * happens. Knows nothing of windows, sockets or TensorFlow.
 */
import type { HostNews } from '../../shared/clientProtocol.js'
import { AppError } from '../../shared/errors.js'
import type { RunFolder } from '../../storage/runFolder.js'
import { Workspace } from '../../storage/workspace.js'
import { systemClock } from '../clock.js'
import { liesIn } from './browserLimits.js'
import type { Activity, Desk, DeskOptions } from './deskOptions.js'
import { exportedPath } from './exportsFolder.js'
import { jobRunner } from './jobRunner.js'
import { openPage, type OpenedPage } from './pageConnection.js'
import type { DeskParts } from './requestHandler.js'
import { runKeeper } from './runKeeper.js'
import { lookAtRuns } from './runsLook.js'
import { watchedRuns } from './watchedRuns.js'

export type { Activity, Desk, DeskOptions, Dialogs, PageConnection, PageTransport } from './deskOptions.js'

/** Of the ten seconds that closing may take, the engine has this many to write its checkpoint. */
const checkpointWithinMs = 8000

/** @throws AppError file.write where the workspace cannot be made */
export function openDesk(options: DeskOptions): Desk {
  const clock = options.clock ?? systemClock
  const workspace = Workspace.open(options.workspace)
  const pages = new Set<OpenedPage>()
  const listeners = new Set<(activity: Activity) => void>()
  const watched = watchedRuns()
  const jobs = jobRunner(options.spawn, clock, changed)
  let pulse: Activity['pulse'] = null
  const broadcast = (news: HostNews): void => {
    for (const page of [...pages]) page.tell(news)
    changed()
  }
  const keeper = runKeeper({
    workspace: workspace.path,
    spawn: options.spawn,
    clock,
    watched,
    broadcast,
    broadcastLast(news) {
      for (const page of [...pages]) page.tellLast(news)
      pulse = null
      changed()
    },
    onPulse(next) {
      pulse = next
      changed()
    }
  })
  const look = lookAtRuns(workspace.runsPath, () => broadcast({ news: 'runs' }))
  const command = options.command ?? 'cellscope'
  const parts: DeskParts = { options, workspace: workspace.path, command, keeper, chosenTargets: new Set(), openRun: (name) => openRun(workspace, name, options.shell) }

  function activity(): Activity {
    const current = keeper.current()
    return { run: current?.run ?? null, live: current?.live ?? null, pulse, jobs: jobs.count() }
  }

  function changed(): void {
    for (const listener of [...listeners]) listener(activity())
  }

  return {
    shell: options.shell,
    connect(transport) {
      const page = openPage(transport, {
        parts,
        jobs,
        watched,
        clock,
        log: (text) => options.log?.(text),
        onClose: () => void pages.delete(page)
      })
      pages.add(page)
      return page
    },
    activity,
    onActivity(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    exportedPath: (run, name) => exportedPath(parts.openRun(run), name),
    async close() {
      look.stop()
      jobs.close()
      await keeper.close(checkpointWithinMs)
      jobs.kill()
      for (const page of [...pages]) page.close()
      watched.close()
    },
    kill() {
      keeper.kill()
      jobs.kill()
    }
  }
}

function openRun(workspace: Workspace, name: string, shell: DeskOptions['shell']): RunFolder {
  if (shell === 'browser' && !liesIn(workspace.runsPath, workspace.runPath(name))) {
    throw new AppError('run.not-found', `There is no run ${JSON.stringify(name)}.`)
  }
  return workspace.openRun(name)
}
