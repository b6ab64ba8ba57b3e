/** A look at a dataset: its first images, then every file. One for the whole page, so that it is still there when one comes back to it. */
import { inject, provide, ref, shallowRef, type InjectionKey, type Ref } from 'vue'
import type { Answers, DatasetScanAnswer } from '../../shared/clientProtocol.js'
import { parseSettings } from '../../shared/config/parseSettings.js'
import type { DataSettings } from '../../shared/config/settings.js'
import { toAppError, type AppError } from '../../shared/errors.js'
import type { Client, ProgressNews } from '../client/client.js'
import type { Draft } from './draft.js'

export interface DataLook {
  samples: Readonly<Ref<Answers['samples'] | null>>
  scan: Readonly<Ref<DatasetScanAnswer | null>>
  error: Readonly<Ref<AppError | null>>
  /** What is being done now. */
  task: Readonly<Ref<'samples' | 'scan' | null>>
  progress: Readonly<Ref<ProgressNews | null>>
  /** What was looked at. */
  data: Readonly<Ref<DataSettings | null>>
  /** Ends a look that is under way and begins a new one. */
  look: (data: DataSettings, seed: number) => Promise<void>
  /** Settings that are wrong are an error of the look, too. */
  lookAtDraft: (draft: Draft) => Promise<void>
  cancel: () => void
}

const sampleCount = 6
const lookKey: InjectionKey<DataLook> = Symbol('data look')

export function provideDataLook(look: DataLook): void {
  provide(lookKey, look)
}

export function useDataLook(): DataLook {
  const look = inject(lookKey)
  if (!look) throw new Error('No look at the data was provided to this component.')
  return look
}

export function createDataLook(client: Client): DataLook {
  const samples = shallowRef<Answers['samples'] | null>(null)
  const scan = shallowRef<DatasetScanAnswer | null>(null)
  const error = shallowRef<AppError | null>(null)
  const task = ref<'samples' | 'scan' | null>(null)
  const progress = shallowRef<ProgressNews | null>(null)
  const data = shallowRef<DataSettings | null>(null)
  let current: AbortController | null = null

  async function look(wanted: DataSettings, seed: number): Promise<void> {
    current?.abort()
    const mine = new AbortController()
    current = mine
    data.value = wanted
    samples.value = scan.value = error.value = null
    const options = { signal: mine.signal, onProgress: (news: ProgressNews) => { if (current === mine) progress.value = news } }
    try {
      begin('samples')
      const drawn = await client.request('samples', { data: wanted, seed, count: sampleCount }, options)
      if (current !== mine) return
      samples.value = drawn
      begin('scan')
      const scanned = await client.request('scan', { data: wanted, seed }, options)
      if (current === mine) scan.value = scanned
    } catch (thrown) {
      const failure = toAppError(thrown)
      if (current === mine && failure.code !== 'request.cancelled') error.value = failure
    } finally {
      if (current === mine) task.value = null
    }
  }

  function begin(what: 'samples' | 'scan'): void {
    task.value = what
    progress.value = null
  }

  async function lookAtDraft(draft: Draft): Promise<void> {
    try {
      const settings = parseSettings(draft.input.value, 'The form')
      await look(settings.data, settings.seed)
    } catch (thrown) {
      error.value = toAppError(thrown)
    }
  }

  return { samples, scan, error, task, progress, data, look, lookAtDraft, cancel: () => current?.abort() }
}
