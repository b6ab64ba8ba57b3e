/** The run that a person is preparing: a preset and what was changed over it. Kept over a reload, shared by the pages Data and New run. */
import { computed, inject, provide, reactive, watch, type ComputedRef, type InjectionKey } from 'vue'
import { describeSettings, type SettingDescription } from '../../shared/config/describeSettings.js'
import { mergeSettings } from '../../shared/config/mergeSettings.js'
import { placeSetting } from '../../shared/config/settingFlag.js'
import type { SettingsInput } from '../../shared/config/settings.js'
import { presetNames, presets, type PresetName } from '../../shared/presets.js'

export const draftJobs = ['run', 'search'] as const

export interface DraftState {
  preset: PresetName
  job: (typeof draftJobs)[number]
  name: string
  /** Changed values by setting; a value that cannot be read stays as the text that was typed. */
  changes: Record<string, unknown>
}

export interface Draft {
  state: DraftState
  /** Every setting, with the preset's value as its default. */
  settings: SettingDescription[]
  /** What is sent: preset with changes. */
  input: ComputedRef<SettingsInput>
  base: (path: string) => unknown
  value: (path: string) => unknown
  isChanged: (path: string) => boolean
  set: (path: string, value: unknown) => void
  reset: (path: string) => void
  takeFolder: (folder: string) => void
  takeStreets: () => void
}

const draftKey: InjectionKey<Draft> = Symbol('draft')
const storageName = 'cellscope.draft'
const settings = describeSettings()

export function provideDraft(draft: Draft): void {
  provide(draftKey, draft)
}

export function useDraft(): Draft {
  const draft = inject(draftKey)
  if (!draft) throw new Error('No draft was provided to this component.')
  return draft
}

export function createDraft(): Draft {
  const state = reactive<DraftState>({ preset: 'quick', job: 'run', name: '', changes: {}, ...kept() })
  watch(state, () => keep(state), { deep: true })

  const draft: Draft = {
    state,
    settings,
    input: computed(() => {
      const changes: SettingsInput = {}
      for (const [path, value] of Object.entries(state.changes)) placeSetting(changes, path, value)
      return mergeSettings(presets[state.preset].settings as SettingsInput, changes)
    }),
    base(path) {
      const fromPreset = path.split('.').reduce<unknown>((group, key) => (group as Record<string, unknown> | undefined)?.[key], presets[state.preset].settings)
      return fromPreset ?? settings.find((setting) => setting.path === path)?.default
    },
    value: (path) => (path in state.changes ? state.changes[path] : draft.base(path)),
    isChanged: (path) => path in state.changes && !same(state.changes[path], draft.base(path)),
    set(path, value) {
      if (same(value, draft.base(path))) draft.reset(path)
      else state.changes[path] = value
    },
    reset: (path) => void Reflect.deleteProperty(state.changes, path),
    // The presets for built-in streets scale their small pictures; someone's own images want their own size.
    takeFolder(folder) {
      if (draft.base('data.source') === 'streets' && state.preset !== 'paper') state.preset = 'camvid-small'
      draft.set('data.source', folder)
    },
    takeStreets() {
      if (state.preset === 'camvid-small') state.preset = 'quick'
      draft.reset('data.source')
    }
  }
  return draft
}

function same(first: unknown, second: unknown): boolean {
  return JSON.stringify(first) === JSON.stringify(second)
}

function kept(): Partial<DraftState> {
  try {
    const { preset, job, name, changes } = JSON.parse(window.sessionStorage.getItem(storageName) ?? '{}') as Partial<DraftState>
    const known = new Set(settings.map((setting) => setting.path))
    return {
      ...(presetNames.some((each) => each === preset) ? { preset: preset! } : {}),
      ...(draftJobs.some((each) => each === job) ? { job: job! } : {}),
      ...(typeof name === 'string' ? { name } : {}),
      ...(typeof changes === 'object' && changes !== null
        ? { changes: Object.fromEntries(Object.entries(changes).filter(([path]) => known.has(path))) }
        : {})
    }
  } catch {
    return {}
  }
}

function keep(state: DraftState): void {
  try {
    window.sessionStorage.setItem(storageName, JSON.stringify(state))
  } catch {
    // Lasts as long as the page.
  }
}
