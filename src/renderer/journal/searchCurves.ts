/** Curves of one search, read off the journal. */
import type { Series, Tone } from '../charts/series.js'
import type { Texts } from '../locales/en.js'
import { lossSeries } from './lossSeries.js'
import type { EventOf, RunJournal } from './runJournal.js'
import { momentsOf } from './variantsOf.js'

export interface SearchCurves {
  loss: Series[]
  supernet: Series[]
  branches: Series[]
  latency: Series[]
  entropy: Series[]
  collapse: Series[]
  terms: Series[]
  lambda: Series[]
}

export function searchCurves(journal: RunJournal, variant: string, { charts }: Texts): SearchCurves {
  const moments = momentsOf(journal, variant)
  const curve = (name: string, tone: Tone, value: (event: EventOf<'architecture'>) => number, dashed = false): Series => ({
    name, tone, dashed, points: moments.map((event) => [event.step, value(event)])
  })
  const losses = journal.lossCurves().filter((each) => each.stage === 'search' && each.variant === variant)
  return {
    loss: losses.map(({ curve }) => lossSeries(charts.loss, 'blue', curve)),
    supernet: supernetCurves(journal, variant, charts),
    branches: branchCurves(journal, variant, charts),
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

/** The best prediction of teacher and student, epoch by epoch. */
function supernetCurves(journal: RunJournal, variant: string, charts: Texts['charts']): Series[] {
  const epochs = journal.of('supernet-evaluated').filter((event) => event.variant === variant)
  const best = (scores: Record<string, number>): number => Math.max(...Object.values(scores))
  return [
    { name: charts.student, tone: 'blue', dots: true, points: epochs.map(({ epoch, student }) => [epoch, best(student)]) },
    { name: charts.teacher, tone: 'grey', dots: true, dashed: true, points: epochs.map(({ epoch, teacher }) => [epoch, best(teacher)]) }
  ]
}

const branchTones: Tone[] = ['blue', 'orange', 'green', 'purple', 'red']

/** What the student's predictions score one by one: a final scale alone, or two joined. */
function branchCurves(journal: RunJournal, variant: string, charts: Texts['charts']): Series[] {
  const epochs = journal.of('supernet-evaluated').filter((event) => event.variant === variant)
  const predictions = Object.keys(epochs[0]?.student ?? {})
  return predictions.map((prediction, index) => ({
    name: charts.prediction(prediction), tone: branchTones[index % branchTones.length], dashed: prediction.includes('+'), dots: true,
    points: epochs.map(({ epoch, student }) => [epoch, student[prediction]])
  }))
}
