/** One row for every trained network: scores, size and speed, gathered from the journal. */
import type { Scores } from '../../shared/events.js'
import type { EventOf, RunJournal } from './runJournal.js'

export interface NetworkRow {
  network: string
  /** Of the validation images where there are any, else of the selection images. */
  evaluated: EventOf<'evaluated'> | undefined
  scores: Scores | undefined
  /** Step of the best score on the selection images: the weights that were kept. */
  bestStep: number | undefined
  derived: EventOf<'derived'> | undefined
  latency: EventOf<'latency-measured'> | undefined
  /** Measured where it was measured, else by the table; null where neither is known. */
  latencyMs: number | null
}

export function networkRows(journal: RunJournal): NetworkRow[] {
  const evaluations = journal.of('evaluated')
  const derivations = journal.of('derived')
  const latencies = journal.of('latency-measured')
  const names = [...new Set([...evaluations, ...latencies].map(({ network }) => network))]
  return names.map((network) => {
    const evaluated = lastOf(evaluations, network)
    const derived = derivationOf(derivations, network)
    const latency = latencies.filter((event) => event.network === network).at(-1)
    return {
      network, evaluated, scores: evaluated?.scores, bestStep: bestStepOf(evaluations, network), derived, latency,
      latencyMs: latency?.measuredMs ?? derived?.predictedLatencyMs ?? null
    }
  })
}

/** The last word on the validation images; otherwise the best on the selection images. */
function lastOf(evaluations: readonly EventOf<'evaluated'>[], network: string): EventOf<'evaluated'> | undefined {
  const own = evaluations.filter((event) => event.network === network)
  return own.filter(({ split }) => split === 'val').at(-1) ?? own.filter(({ best }) => best).at(-1) ?? own.at(-1)
}

function bestStepOf(evaluations: readonly EventOf<'evaluated'>[], network: string): number | undefined {
  return evaluations.filter((event) => event.network === network && event.split === 'selection' && event.best).at(-1)?.step
}

/** The network that was trained under this name; without distillation it is the student's. */
function derivationOf(derivations: readonly EventOf<'derived'>[], network: string): EventOf<'derived'> | undefined {
  const role = network === 'plain' ? 'student' : network
  return derivations.find((event) => event.network === role && event.trained)
}
