/** One run as its pages see it: what it is, its journal as it grows, what the clock says, what happened to it. Pages of one run share a store. */
import { onScopeDispose, reactive, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { HostNews, LiveState, RunDescription } from '../../shared/clientProtocol.js'
import { toAppError, type AppError, type ErrorReport } from '../../shared/errors.js'
import type { JournalEntry, Pulse } from '../../shared/events.js'
import type { Client } from '../client/client.js'
import { useClient } from '../client/useClient.js'
import { RunJournal } from '../journal/runJournal.js'

export type Incident = Extract<HostNews, { news: 'incident' }>
export type Task = Extract<HostNews, { news: 'task' }>

export interface RunStore {
  readonly name: string
  /** null until the host has answered. */
  readonly description: Readonly<ShallowRef<RunDescription | null>>
  /** Another journal only where the run began to write another history; see `startAgain`. */
  readonly journal: Readonly<ShallowRef<RunJournal>>
  /** The newest; null while nobody works on the run. */
  readonly pulse: Readonly<ShallowRef<Pulse | null>>
  /** How far a task without steps is; null while there is none. */
  readonly task: Readonly<ShallowRef<Task | null>>
  readonly live: Readonly<Ref<LiveState | null>>
  /** How it ended while we watched, with what went wrong. */
  readonly over: Readonly<Ref<'finished' | 'stopped' | 'failed' | null>>
  readonly failure: Readonly<ShallowRef<ErrorReport | null>>
  readonly incidents: readonly Incident[]
  readonly notices: readonly string[]
  /** Why the run cannot be read. */
  readonly error: Readonly<ShallowRef<AppError | null>>
  reload(): void
}

interface OpenStore extends RunStore {
  close(): void
}

interface Shared {
  store: OpenStore
  users: number
  closing: ReturnType<typeof setTimeout> | undefined
}

/** Pages of a run follow one another; between two of them the store rests this long before it is given up. */
const lingerMs = 2000
/** A stage's end changes the description in several places, soon one after the other. */
const settleMs = 300
const mostKept = 50

const stores = new WeakMap<Client, Map<string, Shared>>()

/** The store of a run, for as long as the calling component lives. The name does not change: give the component a key. */
export function useRun(name: string): RunStore {
  const client = useClient()
  const open = stores.get(client) ?? new Map<string, Shared>()
  stores.set(client, open)
  const shared = open.get(name) ?? { store: openRunStore(client, name), users: 0, closing: undefined }
  open.set(name, shared)
  shared.users += 1
  clearTimeout(shared.closing)
  onScopeDispose(() => {
    shared.users -= 1
    if (shared.users > 0) return
    shared.closing = setTimeout(() => {
      open.delete(name)
      shared.store.close()
    }, lingerMs)
  })
  return shared.store
}

export function openRunStore(client: Client, name: string): OpenStore {
  const description = shallowRef<RunDescription | null>(null)
  const journal = shallowRef(new RunJournal())
  const pulse = shallowRef<Pulse | null>(null)
  const task = shallowRef<Task | null>(null)
  const live = ref<LiveState | null>(null)
  const over = ref<'finished' | 'stopped' | 'failed' | null>(null)
  const failure = shallowRef<ErrorReport | null>(null)
  const error = shallowRef<AppError | null>(null)
  const incidents = reactive<Incident[]>([])
  const notices = reactive<string[]>([])
  let settling: ReturnType<typeof setTimeout> | undefined
  let reading = false
  let again = false
  let unwatch = watchJournal()
  const unlisten = client.onNews((news) => { if ('run' in news && news.run === name) hear(news) })
  const stopFollowing = watch(client.connection, (state) => { if (state === 'open') void read() }, { immediate: true })

  return {
    name, description, journal, pulse, task, live, over, failure, incidents, notices, error,
    reload: () => void read(),
    close() {
      clearTimeout(settling)
      stopFollowing()
      unlisten()
      unwatch()
    }
  }

  function watchJournal(): () => void {
    return client.watchRun(name, { entries: take, cut: startAgain, failed: (problem) => { error.value = problem } })
  }

  function take(entries: JournalEntry[]): void {
    journal.value.append(entries)
    if (entries.some(({ type }) => type === 'stage-finished')) task.value = null
    if (entries.some(changesDescription)) readSoon()
  }

  function hear(news: Extract<HostNews, { run: string }>): void {
    if (news.news === 'pulse') pulse.value = news.pulse
    if (news.news === 'task') task.value = news.done < news.total ? news : null
    if (news.news === 'incident') keep(incidents, news)
    if (news.news === 'notice') keep(notices, news.text)
    if (news.news === 'state') changeState(news)
  }

  function changeState(news: Extract<HostNews, { news: 'state' }>): void {
    live.value = news.live
    over.value = news.over
    failure.value = news.error
    if (news.live === null) pulse.value = task.value = null
    void read()
  }

  /**
   * A resumed run repeats the steps after its checkpoint. They are the same to the last bit, and nobody notices. Where they are not, such
   * as a measurement that was made again, the host cuts the journal back. That is rare, so it is simply read anew.
   */
  function startAgain(): void {
    unwatch()
    journal.value = new RunJournal()
    unwatch = watchJournal()
  }

  /** One reading at a time; what changes meanwhile is read by one more. */
  async function read(): Promise<void> {
    again = reading
    if (reading) return
    reading = true
    try {
      description.value = await client.request('describeRun', { run: name })
      live.value = description.value.live
      error.value = null
    } catch (thrown) {
      if (description.value === null) error.value = toAppError(thrown)
    } finally {
      reading = false
    }
    if (again) await read()
  }

  function readSoon(): void {
    clearTimeout(settling)
    settling = setTimeout(() => void read(), settleMs)
  }
}

/** What a run is becomes known bit by bit: its latency table, its classes, its pictures. */
function changesDescription({ type }: JournalEntry): boolean {
  return type === 'stage-finished' || type === 'run-finished'
}

function keep<T>(list: T[], item: T): void {
  list.push(item)
  if (list.length > mostKept) list.shift()
}
