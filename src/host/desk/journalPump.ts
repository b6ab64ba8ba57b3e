/** Brings the journals that one page watches to that page: in order, in messages of bounded size, at most ten a second. */
import { basename } from 'node:path'
import type { HostNews } from '../../shared/clientProtocol.js'
import type { Clock } from '../clock.js'
import type { RunFolder } from '../../storage/runFolder.js'
import type { WatchedRun, WatchedRuns } from './watchedRuns.js'

export interface JournalPump {
  watch(run: RunFolder, fromSequence: number): void
  unwatch(run: string): void
  watched(): string[]
  /** Sends this after all entries of the run that are there now; at once where the run is not watched. */
  afterJournal(news: HostNews & { run: string }): void
  close(): void
}

export interface PumpOptions {
  watched: WatchedRuns
  clock: Clock
  send(news: HostNews): void
  /** Where the line carries text: sends news that is JSON already. */
  sendText?(json: string): void
  /** Whether what was sent before has not left yet: then nothing more is piled up. */
  isBusy?(): boolean
}

const betweenMessagesMs = 100
export const mostWatches = 16

interface Watch {
  run: WatchedRun
  next: number
  cutTo: number | undefined
  after: HostNews[]
}

export function journalPump({ watched, clock, send, sendText, isBusy }: PumpOptions): JournalPump {
  const watches = new Map<string, Watch>()
  let lastSent = -Infinity
  let cancelTimer: (() => void) | undefined

  function wake(): void {
    cancelTimer ??= clock.after(Math.max(0, lastSent + betweenMessagesMs - clock.now()), work)
  }

  function work(): void {
    cancelTimer = undefined
    if (isBusy?.()) {
      lastSent = clock.now()
      return wake()
    }
    for (const watch of [...watches.values()]) {
      if (sendOf(watch)) return wake()
    }
  }

  /** How many entries were sent; undefined where there is nothing to send. */
  function sendEntries({ run, next, cutTo }: Watch): number | undefined {
    const entries = run.take(next)
    if (entries.length === 0 && cutTo === undefined) return undefined
    send({ news: 'journal', run: run.name, entries, ...(cutTo === undefined ? {} : { cutTo }) })
    return entries.length
  }

  function sendEntriesAsText({ run, next, cutTo }: Watch, sendJson: (json: string) => void): number | undefined {
    const { text, count } = run.takeText(next)
    if (count === 0 && cutTo === undefined) return undefined
    const head = `{"news":"journal","run":${JSON.stringify(run.name)},${cutTo === undefined ? '' : `"cutTo":${cutTo},`}"entries":[`
    sendJson(`${head}${text}]}`)
    return count
  }

  /** Sends the next entries of this run; false where there are none. Runs take turns. */
  function sendOf(watch: Watch): boolean {
    const { run } = watch
    const count = sendText === undefined ? sendEntries(watch) : sendEntriesAsText(watch, sendText)
    if (count === undefined) {
      for (const news of watch.after.splice(0)) send(news)
      return false
    }
    lastSent = clock.now()
    watch.cutTo = undefined
    watch.next += count
    watches.delete(run.name)
    watches.set(run.name, watch)
    return true
  }

  function unwatch(name: string): void {
    const watch = watches.get(name)
    watches.delete(name)
    watch?.run.release()
    for (const news of watch?.after ?? []) send(news)
  }

  return {
    watch(folder, fromSequence) {
      const name = basename(folder.path)
      const run = watched.watch(folder, {
        onMore: wake,
        onCut(sequence) {
          if (watch.next <= sequence + 1) return
          watch.cutTo = Math.min(sequence, watch.cutTo ?? Infinity)
          watch.next = sequence + 1
          wake()
        },
        onPulse: (pulse) => send({ news: 'pulse', run: name, pulse }),
        onNotice: (text) => send({ news: 'notice', run: name, text })
      })
      const watch: Watch = { run, next: fromSequence, cutTo: undefined, after: [] }
      unwatch(name)
      watches.set(name, watch)
      const pulse = run.lastPulse()
      if (pulse !== undefined) send({ news: 'pulse', run: name, pulse })
      wake()
    },
    unwatch,
    watched: () => [...watches.keys()],
    afterJournal(news) {
      const watch = watches.get(news.run)
      if (watch === undefined) return send(news)
      watch.after.push(news)
      wake()
    },
    close() {
      cancelTimer?.()
      for (const { run } of watches.values()) run.release()
      watches.clear()
    }
  }
}
