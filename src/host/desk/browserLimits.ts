/** What a browser may name: it may sit at the other end of a tunnel, so it reaches no file but those that were allowed at the start. */
import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { DataSettings, Settings } from '../../shared/config/settings.js'
import { AppError } from '../../shared/errors.js'
import type { DeskOptions } from './deskOptions.js'
import type { DeskParts } from './requestHandler.js'

type Limits = Pick<DeskOptions, 'shell' | 'datasets'>

/** Refuses every path in the settings of a new run that this shell may not name. @throws AppError request.refused */
export function refuseForeignPaths(limits: Limits, settings: Settings): void {
  refuseForeignData(limits, settings.data)
  if (limits.shell === 'browser' && settings.latency.table !== '') {
    throw new AppError('request.refused', 'A latency table cannot be named from a browser.', {
      hint: 'Leave it empty and this machine is measured, or start the run on the command line.'
    })
  }
}

/** Compares real paths: a link, an upper-case letter or a `..` leads nowhere else. @throws AppError request.refused */
export function refuseForeignData({ shell, datasets }: Limits, { source }: Pick<DataSettings, 'source'>): void {
  if (shell === 'desktop' || source === 'streets') return
  const real = realPath(source)
  if (real !== undefined && (datasets ?? []).some((allowed) => realPath(allowed) === real)) return
  throw new AppError('request.refused', 'This folder was not allowed when the server was started.', {
    hint: 'Choose one that is listed, or start `cellscope serve` again with --data FOLDER.'
  })
}

/** A page may have a file written where a person chose in a dialog, and nowhere else. @throws AppError request.refused */
export function refuseForeignTarget({ options, chosenTargets }: Pick<DeskParts, 'options' | 'chosenTargets'>, out: string): void {
  if (options.shell === 'browser') throw new AppError('request.refused', 'A browser cannot name a place on this disk.', { hint: 'Export without a path and fetch the file.' })
  if (chosenTargets.has(out)) return
  throw new AppError('request.refused', `Nobody chose ${JSON.stringify(out.slice(0, 80))} in a dialog.`, { hint: 'Choose the place in the save dialog, or export without a path.' })
}

/** Whether the run's folder really lies there under its own name: for a browser no link leads out of the workspace. */
export function liesIn(runsPath: string, folder: string): boolean {
  const real = realPath(folder)
  return real !== undefined && dirname(real) === realPath(runsPath) && basename(real) === basename(folder)
}

function realPath(path: string): string | undefined {
  return existsSync(path) ? realpathSync.native(path) : undefined
}
