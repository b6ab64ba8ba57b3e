/** The comparison of operators on the host's machine. One for the whole page, so that it is still there when one comes back to it. */
import { inject, provide, ref, shallowRef, type InjectionKey, type Ref } from 'vue'
import type { RequestInput } from '../../shared/clientProtocol.js'
import { toAppError, type AppError } from '../../shared/errors.js'
import type { OperatorComparison } from '../../shared/operatorComparison.js'
import type { Client, ProgressNews } from '../client/client.js'

export interface OperatorLook {
  comparison: Readonly<Ref<OperatorComparison | null>>
  error: Readonly<Ref<AppError | null>>
  busy: Readonly<Ref<boolean>>
  progress: Readonly<Ref<ProgressNews | null>>
  /** What was measured before stays until the new numbers are there. */
  measure: (input: RequestInput<'compareOperators'>) => Promise<void>
  cancel: () => void
}

const lookKey: InjectionKey<OperatorLook> = Symbol('operator look')

export function provideOperatorLook(look: OperatorLook): void {
  provide(lookKey, look)
}

export function useOperatorLook(): OperatorLook {
  const look = inject(lookKey)
  if (!look) throw new Error('No comparison of operators was provided to this component.')
  return look
}

export function createOperatorLook(client: Client): OperatorLook {
  const comparison = shallowRef<OperatorComparison | null>(null)
  const error = shallowRef<AppError | null>(null)
  const busy = ref(false)
  const progress = shallowRef<ProgressNews | null>(null)
  let current: AbortController | null = null

  async function measure(input: RequestInput<'compareOperators'>): Promise<void> {
    if (busy.value) return
    current = new AbortController()
    busy.value = true
    error.value = progress.value = null
    try {
      comparison.value = await client.request('compareOperators', input, {
        signal: current.signal, onProgress: (news) => { progress.value = news }
      })
    } catch (thrown) {
      const failure = toAppError(thrown)
      if (failure.code !== 'request.cancelled') error.value = failure
    } finally {
      busy.value = false
    }
  }

  return { comparison, error, busy, progress, measure, cancel: () => current?.abort() }
}
