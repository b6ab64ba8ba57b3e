import { computed, type ComputedRef } from 'vue'
import type { Locale } from '../locale.js'
import { useLocale } from '../useLocale.js'
import { en, type WorkbenchTexts } from './en.js'
import { zh } from './zh.js'

const texts: Record<Locale, WorkbenchTexts> = { en, zh }

/** The words of the workbench in the page's language. */
export function useTexts(): ComputedRef<WorkbenchTexts> {
  const { locale } = useLocale()
  return computed(() => texts[locale.value])
}
