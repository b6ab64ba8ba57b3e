import { ref, shallowRef, type Ref } from 'vue'
import { toAppError, type AppError } from '../../shared/errors.js'

export interface Action {
  busy: Readonly<Ref<boolean>>
  error: Ref<AppError | null>
  /** Does it, unless it is being done already; what goes wrong is in `error`. */
  act: (deed: () => Promise<unknown>) => Promise<void>
}

/** Something that a person sets going with a button and that may fail. */
export function useAction(): Action {
  const busy = ref(false)
  const error = shallowRef<AppError | null>(null)
  return {
    busy, error,
    async act(deed) {
      if (busy.value) return
      busy.value = true
      error.value = null
      try {
        await deed()
      } catch (thrown) {
        error.value = toAppError(thrown)
      } finally {
        busy.value = false
      }
    }
  }
}
