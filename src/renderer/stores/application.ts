/** What every page needs to know of the program: who answers, which runs there are, what is going on. Read anew after every connect. */
import { computed, inject, onScopeDispose, provide, reactive, ref, shallowRef, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import type { ApplicationDescription, HostNews, LiveState, RunSummary } from '../../shared/clientProtocol.js'
import { toAppError, type AppError } from '../../shared/errors.js'
import type { Pulse } from '../../shared/events.js'
import type { Client } from '../client/client.js'

/** Something that happened to a run, or to this page, and is worth a sentence. */
export type RunMessage = Extract<HostNews, { news: 'notice' | 'incident' | 'page-died' }> | (Extract<HostNews, { news: 'state' }> & { over: 'finished' | 'stopped' | 'failed' })

export interface Application {
  description: Readonly<Ref<ApplicationDescription | null>>
  /** Newest first; null until the host has answered. */
  runs: Readonly<Ref<RunSummary[] | null>>
  /** Why description or runs could not be read. */
  error: Readonly<Ref<AppError | null>>
  /** Runs that go on now. */
  liveRuns: ComputedRef<RunSummary[]>
  /** The newest pulse of each run that goes on. */
  pulses: ReadonlyMap<string, Pulse>
  /** Newest last, each with a number of its own. */
  messages: { id: number; message: RunMessage }[]
  dismiss: (id: number) => void
  reload: () => void
}

const applicationKey: InjectionKey<Application> = Symbol('application')
const mostMessages = 20

export function provideApplication(application: Application): void {
  provide(applicationKey, application)
}

export function useApplication(): Application {
  const application = inject(applicationKey)
  if (!application) throw new Error('No application was provided to this component.')
  return application
}

export function createApplication(client: Client): Application {
  const description = shallowRef<ApplicationDescription | null>(null)
  const runs = shallowRef<RunSummary[] | null>(null)
  const error = shallowRef<AppError | null>(null)
  const pulses = reactive(new Map<string, Pulse>())
  const messages = ref<{ id: number; message: RunMessage }[]>([])
  let lastMessage = 0
  let reading = false
  let again = false

  onScopeDispose(client.onNews(hear))
  watch(client.connection, (state) => { if (state === 'open') void reload() }, { immediate: true })

  return {
    description, runs, error, pulses,
    liveRuns: computed(() => (runs.value ?? []).filter((run) => run.live !== null)),
    messages: messages.value,
    dismiss(id) {
      const index = messages.value.findIndex((each) => each.id === id)
      if (index >= 0) messages.value.splice(index, 1)
    },
    reload: () => void reload()
  }

  /** One reading at a time; what changes meanwhile is read by one more. */
  async function reload(): Promise<void> {
    again = reading
    if (reading) return
    reading = true
    try {
      description.value ??= await client.request('describe', {})
      const listed = await client.request('listRuns', {})
      runs.value = [...listed].sort((first, second) => second.createdAt.localeCompare(first.createdAt))
      error.value = null
    } catch (thrown) {
      error.value = toAppError(thrown)
    } finally {
      reading = false
    }
    if (again) await reload()
  }

  function hear(news: HostNews): void {
    if (news.news === 'pulse') pulses.set(news.run, news.pulse)
    if (news.news === 'notice' || news.news === 'incident' || news.news === 'page-died') keep(news)
    if (news.news === 'state') {
      setLive(news.run, news.live)
      if (news.over !== null) {
        pulses.delete(news.run)
        keep({ ...news, over: news.over })
      }
    }
    if (news.news === 'runs' || news.news === 'state') void reload()
  }

  /** At once, before the list is read again, so that buttons never lag behind the state. */
  function setLive(run: string, live: LiveState | null): void {
    runs.value = runs.value?.map((each) => (each.name === run ? { ...each, live } : each)) ?? null
  }

  function keep(message: RunMessage): void {
    lastMessage += 1
    messages.value.push({ id: lastMessage, message })
    if (messages.value.length > mostMessages) messages.value.shift()
  }
}
