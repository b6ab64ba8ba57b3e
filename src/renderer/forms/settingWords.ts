/** A setting's label, help and range in the page's language. */
import type { SettingDescription, SettingLimits } from '../../shared/config/describeSettings.js'
import type { Locale } from '../locales/locale.js'
import { settingsZh } from '../locales/settingsZh.js'
import type { WorkbenchTexts } from '../locales/workbench/en.js'

export interface SettingWords {
  label: string
  help: string
  range: string
}

export function settingWords(setting: SettingDescription, locale: Locale, texts: WorkbenchTexts): SettingWords {
  const translated = locale === 'zh' ? settingsZh[setting.path] : undefined
  return { label: translated?.label ?? setting.label, help: translated?.help ?? setting.help, range: rangeWords(setting, texts) }
}

function rangeWords({ kind, limits, choices }: SettingDescription, { form: { range } }: WorkbenchTexts): string {
  switch (kind) {
    case 'number':
    case 'integer':
      return numberWords(kind === 'integer', limits, range)
    case 'numbers':
    case 'integers': {
      const count = range.items(limits.leastItems ?? 0, limits.mostItems ?? 0)
      return [count, range.separate, range.each(numberWords(kind === 'integers', limits, range))].join(', ')
    }
    case 'choice':
      return range.oneOf(choices.join(', '))
    case 'choices':
      return range.items(limits.leastItems ?? 0, limits.mostItems ?? choices.length)
    case 'boolean':
      return range.yesNo
    case 'text':
      return limits.mostCharacters === undefined ? range.text : range.characters(limits.mostCharacters)
  }
}

function numberWords(whole: boolean, { least, most, above, multipleOf, oneOf }: SettingLimits, range: WorkbenchTexts['form']['range']): string {
  if (oneOf) return range.oneOf(oneOf.join(', '))
  const parts = [whole ? range.integer : range.number]
  if (above !== undefined) parts.push(most === undefined ? range.above(above) : range.aboveTo(above, most))
  else if (least !== undefined) parts.push(most === undefined ? range.atLeast(least) : range.between(least, most))
  else if (most !== undefined) parts.push(range.atMost(most))
  if (multipleOf !== undefined) parts.push(range.multiple(multipleOf))
  return parts.join(', ')
}
