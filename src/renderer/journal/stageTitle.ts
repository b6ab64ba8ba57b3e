import type { Texts } from '../locales/en.js'
import { variantTitle } from './variantTitle.js'

/** A stage's name for people, with the search that it belongs to where there are several. */
export function stageTitle(stage: string, variant: string | undefined, text: Texts): string {
  return [text.names.stage[stage] ?? stage, ...(variant ? [variantTitle(variant, text)] : [])].join(', ')
}
