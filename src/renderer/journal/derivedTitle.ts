import type { Texts } from '../locales/en.js'
import type { EventOf } from './runJournal.js'
import { variantTitle } from './variantTitle.js'

/** A derived network's name for people: `student, decoupled`. */
export function derivedTitle({ network, variant }: EventOf<'derived'>, text: Texts): string {
  const search = variant === '' || network === 'handmade' ? [] : [variantTitle(variant, text)]
  return [text.names.network[network] ?? network, ...search].join(', ')
}
