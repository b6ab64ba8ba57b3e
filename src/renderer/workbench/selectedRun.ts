import { computed, ref, watch, type ComputedRef } from 'vue'
import type { Application } from '../stores/application.js'
import { route } from './router.js'

/** The run whose pages were looked at last. */
const lastLookedAt = ref('')

/** The run whose pages the navigation offers: the one that is shown, else the last one shown, else one that goes on, else the newest. */
export function useSelectedRun({ runs, liveRuns }: Pick<Application, 'runs' | 'liveRuns'>): ComputedRef<string | null> {
  watch(route, (now) => { if ('run' in now) lastLookedAt.value = now.run }, { immediate: true })
  return computed(() => {
    if ('run' in route.value) return route.value.run
    const known = runs.value ?? []
    if (known.some(({ name }) => name === lastLookedAt.value)) return lastLookedAt.value
    return liveRuns.value[0]?.name ?? known[0]?.name ?? null
  })
}
