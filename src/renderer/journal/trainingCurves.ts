/** Curves of everything that is trained outside the search, read off the journal. */
import type { Stage } from '../../shared/events.js'
import type { Series, Tone } from '../charts/series.js'
import type { Texts } from '../locales/en.js'
import { networkTitle } from './networkTitle.js'
import { lossSeries } from './lossSeries.js'
import type { RunJournal } from './runJournal.js'

const tones: Tone[] = ['grey', 'blue', 'orange', 'green', 'purple', 'red']

/** Loss of a stage, one curve for each search where there are several. */
export function stageLoss(journal: RunJournal, wanted: (stage: Stage) => boolean, { names }: Texts): Series[] {
  return journal.lossCurves().filter(({ stage }) => wanted(stage)).map(({ stage, variant, curve }, index) => {
    const name = [names.stage[stage] ?? stage, ...(variant === undefined ? [] : [names.variant[variant] ?? variant])].join(', ')
    return lossSeries(name, tones[index % tones.length], curve)
  })
}

/** mIoU on the selection images while the networks are trained. */
export function selectionCurves(journal: RunJournal, texts: Texts): Series[] {
  const groups = new Map<string, [number, number][]>()
  for (const { network, split, step, scores } of journal.of('evaluated')) {
    if (split !== 'selection') continue
    const points = groups.get(network)
    if (points) points.push([step, scores.meanIoU])
    else groups.set(network, [[step, scores.meanIoU]])
  }
  return [...groups].map(([network, points], index) => ({ name: networkTitle(network, texts), points, dots: points.length < 30, tone: tones[index % tones.length] }))
}
