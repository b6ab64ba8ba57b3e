import type { DerivationNote } from '../../shared/architecture.js'
import type { Texts } from '../locales/en.js'

/** What derivation did to a cell and why, in a sentence. */
export function derivationWords({ finalScale, layer, scale, action, from, to, reason }: DerivationNote, { names, lattice }: Texts): string {
  const what = action === 'dropped' ? `${names.operator[from]} ${lattice.dropped}` : lattice.replaced(names.operator[from], to ? names.operator[to] : '–')
  return `1/${finalScale}, ${lattice.cellName(layer, scale)}: ${what}, ${names.reason[reason]}`
}
