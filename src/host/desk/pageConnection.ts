/** One page: its requests come in, answers and news go out. Every failure becomes an ErrorReport at this one door. */
import { basename } from 'node:path'
import type { HostMessage, HostNews } from '../../shared/clientProtocol.js'
import { AppError, toAppError, type ErrorReport } from '../../shared/errors.js'
import type { Clock } from '../clock.js'
import type { PageConnection, PageTransport } from './deskOptions.js'
import type { JobRunner, StartedJob } from './jobRunner.js'
import { journalPump, mostWatches, type JournalPump } from './journalPump.js'
import { readNumberedRequest, readRequest, type NumberedRequest } from './readClientRequest.js'
import type { AskedRequest, DeskParts } from './requestHandler.js'
import { requestTable } from './requestTable.js'
import type { WatchedRuns } from './watchedRuns.js'

export interface OpenedPage extends PageConnection {
  /** After everything of the run's journal that the page is still to get. */
  tellLast(news: HostNews & { run: string }): void
}

export interface PageOptions {
  parts: DeskParts
  jobs: JobRunner
  watched: WatchedRuns
  clock: Clock
  /** Gets what only we can make sense of. */
  log(text: string): void
  onClose(): void
}

const mostAtOnce = 64

export function openPage(transport: PageTransport, options: PageOptions): OpenedPage {
  const { parts, jobs } = options
  const started = new Map<number, StartedJob & { name: string }>()
  let open = true
  let atWork = 0
  const send = (message: HostMessage): void => {
    if (open) transport.send(message)
  }
  const pump = journalPump({
    watched: options.watched,
    clock: options.clock,
    send,
    ...(transport.isBusy === undefined ? {} : { isBusy: () => transport.isBusy?.() === true }),
    ...(transport.sendText === undefined ? {} : { sendText: (json) => open && transport.sendText?.(json) })
  })

  async function receive(raw: unknown): Promise<void> {
    const request = readNumberedRequest(raw)
    // Not a page of ours, or one of another version: there is no number to answer to.
    if (request === undefined) return close()
    try {
      send({ answer: request.request, value: await answer(request) })
    } catch (error) {
      send({ answer: request.request, error: report(error, request.name) })
    }
  }

  async function answer(request: NumberedRequest): Promise<unknown> {
    const { name, input } = readRequest(request)
    const handler = requestTable[name] as (asked: AskedRequest, input: unknown) => unknown
    if (name === 'cancel') return handler(askedOf(request), input)
    if (atWork >= mostAtOnce) throw new AppError('request.refused', `More than ${mostAtOnce} requests are at work.`, { hint: 'Wait for their answers.' })
    atWork++
    try {
      return await handler(askedOf(request), input)
    } finally {
      atWork--
    }
  }

  function askedOf({ request, name }: NumberedRequest): AskedRequest {
    return {
      ...parts,
      async runJob(job, input) {
        const running = jobs.start(job, input, ({ task, done, total, remainingSeconds }) =>
          send({ news: 'progress', request, task, done, total, remainingSeconds })
        )
        started.set(request, { ...running, name })
        try {
          return await running.result
        } finally {
          started.delete(request)
        }
      },
      cancel: (other) => started.get(other)?.cancel(),
      watch: (run, fromSequence) => watch(pump, run, fromSequence),
      unwatch: pump.unwatch
    }
  }

  function report(error: unknown, request: string): ErrorReport {
    const known = toAppError(error)
    if (known.code !== 'internal') return known.report()
    // What an unexpected error says is for us, and may tell of this machine.
    const number = options.clock.now().toString(36).replace('.', '')
    options.log(`Report ${number}, request ${request}: ${error instanceof Error ? error.stack : String(error)}`)
    return { ...known.report(), message: `Something went wrong in Cellscope itself (report ${number}).` }
  }

  function close(): void {
    if (!open) return
    open = false
    pump.close()
    // Nobody is left to look at them. An export goes on: its file is what was wanted.
    for (const job of started.values()) if (job.name !== 'exportModel') job.cancel()
    options.onClose()
    transport.close()
  }

  transport.onClose(close)
  transport.onMessage((raw) => void receive(raw))
  return { tell: send, tellLast: pump.afterJournal, close }
}

function watch(pump: JournalPump, run: Parameters<JournalPump['watch']>[0], fromSequence: number): void {
  const watched = pump.watched()
  if (watched.length >= mostWatches && !watched.includes(basename(run.path))) throw new AppError('request.refused', `A page can watch ${mostWatches} runs at once.`, { hint: 'Close one of them.' })
  pump.watch(run, fromSequence)
}
