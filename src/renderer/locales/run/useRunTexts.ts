import { computed, type ComputedRef } from 'vue'
import type { Locale } from '../locale.js'
import { useLocale } from '../useLocale.js'
import { en, type RunTexts } from './en.js'
import { zh } from './zh.js'

const texts: Record<Locale, RunTexts> = { en, zh }

/** The words of the pages of one run in the page's language. */
export function useRunTexts(): ComputedRef<RunTexts> {
  const { locale } = useLocale()
  return computed(() => texts[locale.value])
}
