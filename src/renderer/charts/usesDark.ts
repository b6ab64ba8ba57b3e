import { computed, onScopeDispose, ref, type Ref } from 'vue'
import { chosenTheme } from '../chosenTheme.js'

/** Whether the page is dark: by the person's choice, else by the system's; follows a change of either. */
export function usesDark(): Readonly<Ref<boolean>> {
  const query = window.matchMedia('(prefers-color-scheme: dark)')
  const systemIsDark = ref(query.matches)
  const follow = (event: MediaQueryListEvent): void => { systemIsDark.value = event.matches }
  query.addEventListener('change', follow)
  onScopeDispose(() => query.removeEventListener('change', follow))
  return computed(() => (chosenTheme.value === 'system' ? systemIsDark.value : chosenTheme.value === 'dark'))
}
