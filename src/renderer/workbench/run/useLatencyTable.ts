import { shallowRef, watch, type ShallowRef } from 'vue'
import type { LatencyTable } from '../../../shared/latencyTable.js'
import { useClient } from '../../client/useClient.js'
import type { RunStore } from '../../stores/runStore.js'

/** The run's latency table, as soon as there is one. Without it pages show everything but milliseconds of single cells. */
export function useLatencyTable(store: RunStore): Readonly<ShallowRef<LatencyTable | null>> {
  const client = useClient()
  const table = shallowRef<LatencyTable | null>(null)
  watch(() => store.description.value?.latencyTable?.sha256, async (digest) => {
    if (digest === undefined) return
    table.value = await client.request('readLatencyTable', { run: store.name }).catch(() => null)
  }, { immediate: true })
  return table
}
