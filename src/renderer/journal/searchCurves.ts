/** Curves of one search, read off the journal. */
import type { JournalEntry } from '../../shared/events.js'
import type { Series, Tone } from '../charts/series.js'
import type { Texts } from '../locales/en.js'
import { ofType, type EventOf } from './ofType.js'

export interface SearchCurves {
  loss: Series[]
  supernet: Series[]
  latency: Series[]
  entropy: Series[]
  collapse: Series[]
  terms: Series[]
  lambda: Series[]
}

export function searchCurves(events: readonly JournalEntry[], variant: string, { charts }: Texts): SearchCurves {
  const moments = ofType(events, 'architecture').filter((event) => event.variant === variant)
  const curve = (name: string, tone: Tone, value: (event: EventOf<'architecture'>) => number, dashed = false): Series => ({
    name, tone, dashed, points: moments.map((event) => [event.step, value(event)])
  })
  const steps = ofType(events, 'step').filter((event) => event.stage === 'search' && event.variant === variant)
  return {
    loss: [{ name: charts.loss, tone: 'blue', smoothed: true, points: steps.map(({ step, loss }) => [step, loss]) }],
    supernet: supernetCurves(events, variant, charts),
    latency: [
      curve(charts.student, 'blue', ({ latencyMs }) => latencyMs.student),
      curve(charts.derived, 'orange', ({ latencyMs }) => latencyMs.derived),
      curve(charts.teacher, 'grey', ({ latencyMs }) => latencyMs.teacher, true)
    ],
    entropy: [
      curve(charts.alpha, 'blue', ({ entropy }) => entropy.alpha),
      curve(charts.beta, 'orange', ({ entropy }) => entropy.beta),
      curve(charts.gamma, 'green', ({ entropy }) => entropy.gamma)
    ],
    collapse: [
      curve(charts.skip, 'purple', ({ skipFraction }) => skipFraction),
      curve(charts.narrow, 'green', ({ narrowFraction }) => narrowFraction, true)
    ],
    terms: [
      curve(charts.operators, 'blue', ({ latencyTerms }) => latencyTerms.operators),
      curve(charts.scales, 'orange', ({ latencyTerms }) => latencyTerms.scales),
      curve(charts.widths, 'green', ({ latencyTerms }) => latencyTerms.widths),
      curve(charts.joint, 'grey', ({ latencyTerms }) => latencyTerms.joint, true)
    ],
    lambda: [curve(charts.lambda, 'blue', ({ lambda }) => lambda)]
  }
}

/** The best prediction of teacher and student, epoch by epoch, and in pale the student's predictions one by one. */
function supernetCurves(events: readonly JournalEntry[], variant: string, charts: Texts['charts']): Series[] {
  const epochs = ofType(events, 'supernet-evaluated').filter((event) => event.variant === variant)
  const best = (scores: Record<string, number>): number => Math.max(...Object.values(scores))
  return [
    { name: charts.student, tone: 'blue', dots: true, points: epochs.map(({ epoch, student }) => [epoch, best(student)]) },
    { name: charts.teacher, tone: 'grey', dots: true, dashed: true, points: epochs.map(({ epoch, teacher }) => [epoch, best(teacher)]) }
  ]
}
