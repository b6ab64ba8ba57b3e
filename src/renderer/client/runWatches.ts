/** Journals without gaps and without doubles: who watches which run, and from which entry on. */
import type { JournalEntry } from '../../shared/events.js'
import { toAppError } from '../../shared/errors.js'
import type { Client, RunWatcher } from './client.js'

/** More than any journal has. */
const noEntry = Number.MAX_SAFE_INTEGER

interface Watch {
  watcher: RunWatcher
  /** Sequence of the entry that it needs next. */
  next: number
}

interface WatchedRun {
  watches: Set<Watch>
  /** Counts the requests, so that only the answer to the last one counts. */
  asked: number
  asking: boolean
}

export interface RunWatches {
  add: (run: string, watcher: RunWatcher) => () => void
  receive: (run: string, entries: JournalEntry[], cutTo?: number) => void
  /** The host knows nothing of us any more: ask for every run again, from where each stands. */
  reconnected: () => void
}

export function createRunWatches(client: Pick<Client, 'request' | 'connection'>): RunWatches {
  const runs = new Map<string, WatchedRun>()

  return {
    add(run, watcher) {
      const watched = runs.get(run) ?? { watches: new Set(), asked: 0, asking: false }
      const watch = { watcher, next: watcher.entries ? 1 : noEntry }
      watched.watches.add(watch)
      runs.set(run, watched)
      if (client.connection.value === 'open') ask(run, watched)
      return () => remove(run, watched, watch)
    },
    receive(run, entries, cutTo) {
      const watched = runs.get(run)
      if (!watched) return
      if (cutTo !== undefined) for (const watch of [...watched.watches]) cut(watch, cutTo)
      const behind = [...watched.watches].filter((watch) => !deliver(watch, entries))
      if (behind.length > 0 && !watched.asking) ask(run, watched)
    },
    reconnected() {
      for (const [run, watched] of runs) ask(run, watched)
    }
  }

  /** One request for all who watch the run, from the earliest entry that one of them needs. */
  function ask(run: string, watched: WatchedRun): void {
    watched.asked += 1
    watched.asking = true
    const turn = watched.asked
    const fromSequence = Math.min(...[...watched.watches].map((watch) => watch.next))
    client.request('watchRun', { run, fromSequence }).then(
      () => { if (turn === watched.asked) watched.asking = false },
      (thrown: unknown) => {
        if (turn !== watched.asked) return
        watched.asking = false
        const error = toAppError(thrown)
        if (error.code === 'connection.lost') return
        for (const watch of [...watched.watches]) watch.watcher.failed?.(error)
      }
    )
  }

  function remove(run: string, watched: WatchedRun, watch: Watch): void {
    if (!watched.watches.delete(watch) || watched.watches.size > 0) return
    runs.delete(run)
    if (client.connection.value === 'open') client.request('unwatchRun', { run }).catch(() => undefined)
  }
}

/** Takes back what this watcher has after `lastSequence`. */
function cut(watch: Watch, lastSequence: number): void {
  if (!watch.watcher.entries || watch.next <= lastSequence + 1) return
  watch.next = lastSequence + 1
  watch.watcher.cut?.(lastSequence)
}

/** Hands on what is new to this watcher; false if entries between are missing. */
function deliver(watch: Watch, entries: JournalEntry[]): boolean {
  const news = entries.filter((entry) => entry.sequence >= watch.next)
  const first = news[0]
  if (first === undefined) return true
  if (first.sequence > watch.next) return false
  watch.next = news[news.length - 1]!.sequence + 1
  watch.watcher.entries?.(news)
  return true
}
