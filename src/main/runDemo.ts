/** The demo's run, started by the program itself and told to the terminal as the command line tells it. */
import { findRun } from '../host/findRun.js'
import { exitCode, exitCodeOf } from '../headless/exitCode.js'
import { forecastText } from '../headless/forecastText.js'
import { peopleView } from '../headless/peopleView.js'
import { runTable } from '../headless/runTable.js'
import type { Terminal } from '../headless/terminal.js'
import type { HostNews } from '../shared/clientProtocol.js'
import { AppError, toAppError } from '../shared/errors.js'
import { presets } from '../shared/presets.js'
import type { ShellClient } from './shellClient.js'

export interface DemoRun {
  /** Undefined: it could not be started, and the terminal knows why. */
  run: string | undefined
  /** Exit code of the demo, when its run is over. */
  over: Promise<number>
}

/** Starts the run of `cellscope demo` in this workspace. Never rejects. */
export async function runDemo(client: ShellClient, workspace: string, terminal: Terminal): Promise<DemoRun> {
  const view = peopleView(terminal)
  try {
    const asked = { job: 'run' as const, settings: presets.quick.settings }
    const made = await client.request('forecast', asked)
    view.tell('forecast', {}, forecastText(made, made.settings, 'run'))
    const { run } = await client.request('startRun', { ...asked, name: null })
    view.tell('started', {}, `Run ${run} in ${workspace}; it is in the window, too.\n`)
    const over = followInTerminal(client, run, view, () => runTable(findRun(workspace, run)).text)
    await client.request('watchRun', { run, fromSequence: 1 })
    return { run, over }
  } catch (error) {
    const known = toAppError(error)
    view.fail(known)
    return { run: undefined, over: Promise.resolve(exitCodeOf(known)) }
  }
}

function followInTerminal(client: ShellClient, demo: string, view: ReturnType<typeof peopleView>, table: () => string): Promise<number> {
  return new Promise((resolve) => {
    client.onNews((news) => {
      if (!('run' in news) || news.run !== demo) return
      if (news.news === 'journal') for (const entry of news.entries) view.message({ message: 'event', entry })
      else if (news.news === 'pulse') view.message({ message: 'pulse', pulse: news.pulse })
      else if (news.news === 'notice' || news.news === 'incident') view.warn(news.text)
      else if (news.news === 'task') view.message({ ...news, message: 'progress' })
      else if (news.over === null) return news.live === 'paused' ? view.state('paused') : undefined
      else {
        view.close()
        resolve(tellEnd(news, view, table))
      }
    })
  })
}

function tellEnd({ run, over, error }: Extract<HostNews, { news: 'state' }>, view: ReturnType<typeof peopleView>, table: () => string): number {
  if (over === 'failed' && error !== null) {
    const known = AppError.from(error)
    view.fail(known)
    return exitCodeOf(known)
  }
  if (over === 'finished') view.result({}, `${table()}\n\nThe demo is over; it ends when you close the window.`)
  else view.tell('stopped', {}, `Stopped. Go on with: cellscope resume "${run}" --workspace demo, or in the window.`)
  return exitCode.ok
}
