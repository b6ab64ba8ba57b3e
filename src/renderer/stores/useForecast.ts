import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import type { RunForecast } from '../../shared/clientProtocol.js'
import type { SettingsInput } from '../../shared/config/settings.js'
import { toAppError, type AppError } from '../../shared/errors.js'
import type { Client } from '../client/client.js'

export interface ForecastQuestion {
  job: 'run' | 'search'
  settings: SettingsInput
}

export interface LiveForecast {
  forecast: Readonly<Ref<RunForecast | null>>
  error: Readonly<Ref<AppError | null>>
  asking: Readonly<Ref<boolean>>
}

const pauseMs = 400

/**
 * The host's forecast for a question that changes while a person types: asked when there was a pause, and only the answer to the last
 * question counts. A question of null asks nothing and keeps the last answer.
 */
export function useForecast(client: Client, question: Readonly<Ref<ForecastQuestion | null>>): LiveForecast {
  const forecast = shallowRef<RunForecast | null>(null)
  const error = shallowRef<AppError | null>(null)
  const asking = ref(false)
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))

  watch(question, (asked, before) => {
    clearTimeout(timer)
    turn += 1
    asking.value = asked !== null
    if (asked === null) return
    if (before === undefined) void ask(asked, turn)
    else timer = setTimeout(() => void ask(asked, turn), pauseMs)
  }, { immediate: true })

  async function ask({ job, settings }: ForecastQuestion, mine: number): Promise<void> {
    try {
      const answer = await client.request('forecast', { job, settings: settings as Record<string, unknown> })
      if (mine === turn) [forecast.value, error.value] = [answer, null]
    } catch (thrown) {
      if (mine === turn) [forecast.value, error.value] = [null, toAppError(thrown)]
    } finally {
      if (mine === turn) asking.value = false
    }
  }

  return { forecast, error, asking }
}
