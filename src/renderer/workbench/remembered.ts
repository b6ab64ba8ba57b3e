/** What the page keeps between two visits: language, theme. Where the browser keeps nothing, the choice lasts as long as the page. */
import { watch, type Ref } from 'vue'

/** Sets `choice` to what was kept under this name, if it is one of `allowed`, and keeps every change. */
export function remember<Value extends string>(name: string, choice: Ref<Value>, allowed: readonly Value[]): void {
  const kept = read(name)
  const value = allowed.find((each) => each === kept)
  if (value !== undefined) choice.value = value
  watch(choice, (changed) => write(name, changed), { flush: 'sync' })
}

function read(name: string): string | null {
  try {
    return window.localStorage.getItem(`cellscope.${name}`)
  } catch {
    return null
  }
}

function write(name: string, value: string): void {
  try {
    window.localStorage.setItem(`cellscope.${name}`, value)
  } catch {
    // Kept for this visit only.
  }
}
