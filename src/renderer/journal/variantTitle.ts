import type { Texts } from '../locales/en.js'

/** A search's name for people; `decoupled/teacher` is the teacher's part of the search `decoupled`. */
export function variantTitle(variant: string, { names }: Texts): string {
  return variant.split('/').map((part) => names.variant[part] ?? names.network[part] ?? part).join(', ')
}
