import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { en, type Texts } from './en.js'
import { formatted, type NumberKind } from './formatted.js'
import type { Locale } from './locale.js'
import { zh } from './zh.js'

const texts: Record<Locale, Texts> = { en, zh }

/** The page's language; one for all components. */
const locale = ref<Locale>(preferred())
const text = computed(() => texts[locale.value])

/** The language, its texts, and numbers in it. Setting `locale` changes all of them at once. */
export function useLocale(): {
  locale: Ref<Locale>
  text: ComputedRef<Texts>
  number: (value: number | null | undefined, kind: NumberKind) => string
} {
  return {
    locale,
    text,
    number: (value, kind) => (value === null || value === undefined || !Number.isFinite(value) ? '–' : formatted(value, kind, locale.value))
  }
}

/** `#zh` or `#en` in the address decides; otherwise the browser's language. */
function preferred(): Locale {
  const asked = window.location.hash.slice(1)
  if (asked === 'zh' || asked === 'en') return asked
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
