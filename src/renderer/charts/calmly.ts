import { effect, onScopeDispose, shallowRef, stop, type ShallowRef } from 'vue'

/**
 * A computed value that is computed anew at most every `milliseconds`, however often its sources change: what is drawn from a live journal
 * must not take the processor from the run that writes it. The last change always arrives.
 */
export function calmly<T>(compute: () => T, milliseconds: number): Readonly<ShallowRef<T>> {
  const result = shallowRef() as ShallowRef<T>
  let timer: ReturnType<typeof setTimeout> | undefined
  let again = false
  const runner = effect(() => { result.value = compute() }, { scheduler: later })
  onScopeDispose(() => {
    stop(runner)
    clearTimeout(timer)
  })
  return result

  /** At once where it was calm for long enough, else when the time is over. */
  function later(): void {
    again = timer !== undefined
    if (again) return
    runner()
    timer = setTimeout(() => {
      timer = undefined
      if (again) later()
    }, milliseconds)
  }
}
