/** What two runs have in common and what not. */
import type { RunDescription } from '../../../../shared/clientProtocol.js'
import type { Series } from '../../../charts/series.js'
import type { RunJournal } from '../../../journal/runJournal.js'
import { searchCurves } from '../../../journal/searchCurves.js'
import { variantsOf } from '../../../journal/variantsOf.js'
import type { Texts } from '../../../locales/en.js'

export interface SettingDifference {
  path: string
  label: string
  unit: string
  first: string
  second: string
}

/** Settings with different values, and how many are the same. A setting that one run does not know stands with a dash. */
export function settingDifferences(first: RunDescription, second: RunDescription): { different: SettingDifference[]; same: number } {
  const paths = [...new Set([...first.settings, ...second.settings].map(({ path }) => path))]
  const rows = paths.map((path) => {
    const [a, b] = [first, second].map(({ settings }) => settings.find((setting) => setting.path === path))
    return { path, label: (a ?? b)!.label, unit: (a ?? b)!.unit, first: a?.value ?? '–', second: b?.value ?? '–' }
  })
  const different = rows.filter((row) => row.first !== row.second)
  return { different, same: rows.length - different.length }
}

export interface NamedJournal {
  name: string
  journal: RunJournal
}

/** The curves of both journals under their runs' names; the second run's are dashed. */
export function pairedCurves(runs: readonly NamedJournal[], curves: (journal: RunJournal) => Series[]): Series[] {
  return runs.flatMap(({ name, journal }, index) => curves(journal).map((series) => ({ ...series, name: `${name}: ${series.name}`, dashed: index > 0 })))
}

/** mIoU of the student in the supernet, a curve for each search of the run. */
export function supernetCurves(journal: RunJournal, texts: Texts): Series[] {
  return variantsOf(journal).flatMap((variant, index) => searchCurves(journal, variant, texts).supernet.slice(0, 1).map((series): Series => ({
    ...series, tone: index === 0 ? 'blue' : 'orange', name: texts.names.variant[variant] ?? variant
  })))
}
