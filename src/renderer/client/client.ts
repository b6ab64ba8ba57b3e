/** The page's side of the contract in src/shared/clientProtocol.ts: asks and gets answers, hears news, watches runs. */
import type { Ref } from 'vue'
import type { Answers, HostNews, RequestInput, RequestName } from '../../shared/clientProtocol.js'
import type { AppError } from '../../shared/errors.js'
import type { JournalEntry } from '../../shared/events.js'

/** connecting: not yet. open: now. lost: it was, or the first try failed; the next try is under way. */
export type Connection = 'connecting' | 'open' | 'lost'

export type ProgressNews = Extract<HostNews, { news: 'progress' }>

export interface RequestOptions {
  /** For requests that take long: scan, samples, compareOperators, exportModel. */
  onProgress?: (progress: ProgressNews) => void
  /** Aborting asks the host to end the request; it then fails with `request.cancelled`. */
  signal?: AbortSignal
}

export interface RunWatcher {
  /** The next entries, in order of their sequence. Without it the run's pulses come (as news) and its journal does not. */
  entries?: (entries: JournalEntry[]) => void
  /** The journal was cut back: what came after the entry with this sequence is void. Then come the entries that stand there now. */
  cut?: (lastSequence: number) => void
  /** The run cannot be watched, for example because it is not there. */
  failed?: (error: AppError) => void
}

export interface Client {
  readonly connection: Readonly<Ref<Connection>>
  /**
   * One answer, or an AppError. Questions that only read are asked again after a lost connection; everything else fails then with
   * `connection.lost`, because nobody knows whether it was done.
   */
  request<Name extends RequestName>(name: Name, input: RequestInput<Name>, options?: RequestOptions): Promise<Answers[Name]>
  /** Everything that the host says by itself, except progress (it goes to its request). Returns the function that stops listening. */
  onNews(listener: (news: HostNews) => void): () => void
  /**
   * The whole journal of a run from its first entry on, in order, each entry once, whatever happens to the connection. Several may watch
   * one run. Returns the function that stops watching.
   */
  watchRun(run: string, watcher: RunWatcher): () => void
  close(): void
}
