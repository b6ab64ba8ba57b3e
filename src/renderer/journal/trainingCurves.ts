/** Curves of everything that is trained outside the search, read off the journal. */
import type { JournalEntry, Stage } from '../../shared/events.js'
import type { Series, Tone } from '../charts/series.js'
import type { Texts } from '../locales/en.js'
import { networkTitle } from './networkTitle.js'
import { ofType } from './ofType.js'

const tones: Tone[] = ['grey', 'blue', 'orange', 'green', 'purple', 'red']

/** Loss of a stage, one curve for each search where there are several. */
export function stageLoss(events: readonly JournalEntry[], wanted: (stage: Stage) => boolean, { names }: Texts): Series[] {
  const groups = new Map<string, [number, number][]>()
  for (const { stage, variant, step, loss } of ofType(events, 'step')) {
    if (!wanted(stage)) continue
    const name = [names.stage[stage] ?? stage, ...(variant === undefined ? [] : [names.variant[variant] ?? variant])].join(', ')
    const points = groups.get(name)
    if (points) points.push([step, loss])
    else groups.set(name, [[step, loss]])
  }
  return [...groups].map(([name, points], index) => ({ name, points, smoothed: true, tone: tones[index % tones.length] }))
}

/** mIoU on the selection images while the networks are trained. */
export function selectionCurves(events: readonly JournalEntry[], texts: Texts): Series[] {
  const groups = new Map<string, [number, number][]>()
  for (const { network, split, step, scores } of ofType(events, 'evaluated')) {
    if (split !== 'selection') continue
    groups.set(network, [...(groups.get(network) ?? []), [step, scores.meanIoU]])
  }
  return [...groups].map(([network, points], index) => ({ name: networkTitle(network, texts), points, dots: points.length < 30, tone: tones[index % tones.length] }))
}
