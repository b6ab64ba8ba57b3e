/** `cellscope serve`: the workbench for a browser on this machine, until Ctrl-C. */
import { existsSync, realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { openDesk } from '../../host/desk/openDesk.js'
import { AppError } from '../../shared/errors.js'
import { textOption, type CommandContext, type CommandOptions } from '../commandContext.js'
import { exitCode } from '../exitCode.js'
import { startServer } from '../server/startServer.js'

export async function serveCommand(context: CommandContext): Promise<number> {
  const { headless, options, view, workspace } = context
  const port = portOption(options)
  refuseOtherHosts(textOption(options, 'host'), port)
  const log = (text: string): void => headless.terminal.error(`${text}\n`)
  const desk = openDesk({ workspace, shell: 'browser', spawn: headless.spawn, datasets: dataFolders(options), log })
  try {
    const server = await startServer(desk, { pages: headless.pages, port, hostNames: texts(options.hostName), log })
    view.tell('serving', { address: server.url, port: server.port, workspace }, `Open ${server.url}\nRuns are in ${workspace}. Ctrl-C stops.\n`)
    if (options.open !== false && headless.terminal.isInteractive) headless.openAddress(server.url)
    const signal = await interrupted(context, () => desk.kill())
    view.tell('stopping', {}, 'Stopping: a run that goes on writes a checkpoint.\n')
    await desk.close()
    await server.close()
    return signal === 'SIGINT' ? exitCode.interrupted : exitCode.terminated
  } finally {
    await desk.close()
    view.close()
  }
}

/** Resolves with the first signal; the second ends the engines at once. */
function interrupted({ headless }: CommandContext, again: () => void): Promise<'SIGINT' | 'SIGTERM'> {
  return new Promise((resolve) => {
    let first = true
    headless.onInterrupt((signal) => {
      if (first) resolve(signal)
      else again()
      first = false
    })
  })
}

/** Real paths of folders that are there. @throws AppError data.not-found */
function dataFolders(options: CommandOptions): string[] {
  return texts(options.data).map((folder) => {
    const path = resolve(folder)
    if (existsSync(path) && statSync(path).isDirectory()) return realpathSync.native(path)
    throw new AppError('data.not-found', `--data ${folder}: expected a folder with images, found none.`)
  })
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** @throws AppError settings.invalid-value */
function portOption(options: CommandOptions): number {
  const text = textOption(options, 'port') ?? '0'
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text)
  throw new AppError('settings.invalid-value', `--port must be a number from 0 to 65535, but is "${text.slice(0, 80)}".`)
}

/** Without encryption the token would be readable on the way. @throws AppError settings.invalid-value */
function refuseOtherHosts(host: string | undefined, port: number): void {
  if (host === undefined || host === '127.0.0.1' || host === 'localhost') return
  const shown = port === 0 ? 8765 : port
  throw new AppError('settings.invalid-value', `Cellscope listens on 127.0.0.1 only, not on "${host.slice(0, 80)}": what goes over the line is not encrypted.`, {
    hint: `Start it with --port ${shown}, then on your own machine run: ssh -N -L ${shown}:127.0.0.1:${shown} USER@THIS-MACHINE`
  })
}
