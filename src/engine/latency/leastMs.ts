/**
 * No part that computes something takes no time. Where the difference of two measurements is lost in their noise, the part counts as long
 * as its work takes at the highest rate that any part of the table reached: more than that the measurement does not say.
 */
import { networkCost } from '../../core/cost.js'
import type { LatencyEntry } from '../../shared/latencyTable.js'
import type { NetworkGraph } from '../../shared/networkGraph.js'

/** A difference of fewer standard errors of its median than this is none. */
const certainErrors = 4

/** Standard error of a median of normal samples, in standard errors of their mean. */
const medianError = 1.2533

/** `graphs`: what each entry is the time of. */
export function leastMs(entries: Record<string, LatencyEntry>, graphs: ReadonlyMap<string, NetworkGraph>): Record<string, LatencyEntry> {
  const works = new Map([...graphs].map(([text, graph]) => [text, workOf(graph)]))
  const sure = Object.entries(entries).filter(([, entry]) => isCertain(entry))
  const certain = sure.length > 0 ? sure : Object.entries(entries).filter(([, { medianMs }]) => medianMs > 0)
  const rate = (kind: keyof Work): number => Math.max(...certain.map(([text, { medianMs }]) => (works.get(text)?.[kind] ?? 0) / medianMs), 0)
  const rates = { multiplyAdds: rate('multiplyAdds'), values: rate('values') }
  const perRate = (amount: number, of: number): number => (of > 0 ? amount / of : 0)
  return Object.fromEntries(Object.entries(entries).map(([text, entry]) => {
    const work = works.get(text)
    if (work === undefined) return [text, entry]
    const atBest = Math.max(perRate(work.multiplyAdds, rates.multiplyAdds), perRate(work.values, rates.values), nanosecondMs)
    return [text, entry.medianMs >= atBest ? entry : { ...entry, medianMs: atBest }]
  }))
}

/** Where nothing at all could be measured. */
const nanosecondMs = 1e-6

interface Work {
  multiplyAdds: number
  /** Numbers of all maps that are made. */
  values: number
}

function workOf(graph: NetworkGraph): Work {
  const [, ...layers] = graph.nodes
  const values = layers.reduce((sum, { output }) => sum + output.height * output.width * output.channels, 0)
  return { multiplyAdds: networkCost(graph).multiplyAdds, values }
}

function isCertain({ medianMs, deviationMs, count }: LatencyEntry): boolean {
  return medianMs > (certainErrors * medianError * deviationMs) / Math.sqrt(count)
}
