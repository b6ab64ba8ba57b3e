import { onScopeDispose, ref, type Ref } from 'vue'

/** Whether the person's system asks for dark colours; follows a change. */
export function usesDark(): Ref<boolean> {
  const query = window.matchMedia('(prefers-color-scheme: dark)')
  const dark = ref(query.matches)
  const follow = (event: MediaQueryListEvent): void => { dark.value = event.matches }
  query.addEventListener('change', follow)
  onScopeDispose(() => query.removeEventListener('change', follow))
  return dark
}
