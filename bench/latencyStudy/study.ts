/** What the visits of one image size show. */
import { agreement, pearson, type Agreement } from '../../src/core/latency/agreement.js'
import { fitCorrection, type MeasuredNetwork } from '../../src/core/latency/fitCorrection.js'
import { tableLatencyMs } from '../../src/core/latency/tableLatency.js'
import { atPace } from '../../src/engine/latency/measureNetworks.js'
import { median } from '../../src/core/median.js'
import type { Architecture } from '../../src/shared/architecture.js'
import type { LatencyCorrection, LatencyEntry, LatencyTable } from '../../src/shared/latencyTable.js'
import type { KeptVisit } from '../latencyStudy.js'

export interface Study {
  size: string
  machine: LatencyTable['machine']
  runtime: LatencyTable['runtime']
  callMs: number
  metronomeMs: LatencyEntry
  entries: number
  /** Fewest visits of a network. */
  rounds: number
  correction: LatencyCorrection
  /** On the networks that nothing was fitted to. */
  sum: Agreement
  corrected: Agreement
  /** How well the same networks agree with themselves: even visits against odd ones. No prediction can be expected to be better. */
  measuredTwice: Agreement | null
  /** The metronome: its slowest and fastest visit, in its median. Correlation with the corrected sum if it is not divided by. */
  drift: { fastest: number; slowest: number; pearsonWithout: number }
  networks: { name: string; latencyMs: number; deviationMs: number; sumMs: number; correctedMs: number }[]
}

/** Null while a network has no visit. */
export function studyOf(
  table: LatencyTable, forFit: readonly Architecture[], forTest: readonly Architecture[], allVisits: readonly KeptVisit[], seed: number
): Study | null {
  const size = `${table.height}x${table.width}`
  const visits = byNetwork(allVisits.filter((visit) => visit.size === size))
  const ofNetwork = ({ name }: Architecture): KeptVisit[] => visits.get(name) ?? []
  const rounds = Math.min(...[...forFit, ...forTest].map((network) => ofNetwork(network).length))
  const metronomeMs = table.metronomeMs
  if (rounds === 0 || metronomeMs === undefined) return null
  const all = [...forFit, ...forTest]
  const measured = new Map(atPace(all.map(ofNetwork), metronomeMs.medianMs).map((entry, index) => [all[index].name, entry]))
  const entryOf = ({ name }: Architecture): LatencyEntry => {
    const entry = measured.get(name)
    if (entry === undefined) throw new Error(`${name} was not measured`)
    return entry
  }
  const fitted: MeasuredNetwork[] = forFit.map((architecture) => ({ architecture, latencyMs: entryOf(architecture).medianMs }))
  const correction = fitCorrection(table, fitted, { seed, rounds })
  const networks = forTest.map((network) => ({
    name: network.name,
    latencyMs: entryOf(network).medianMs,
    deviationMs: entryOf(network).deviationMs,
    sumMs: tableLatencyMs(network, table),
    correctedMs: tableLatencyMs(network, { ...table, correction })
  }))
  const measuredMs = networks.map(({ latencyMs }) => latencyMs)
  const corrected = networks.map(({ correctedMs }) => correctedMs)
  const half = (parity: number): number[] => (
    atPace(forTest.map((network) => ofNetwork(network).filter(({ round }) => round % 2 === parity)), metronomeMs.medianMs)
      .map(({ medianMs }) => medianMs)
  )
  const beats = [...visits.values()].flat().map(({ beatsMs }) => median(beatsMs))
  const undivided = forTest.map((network) => median(ofNetwork(network).flatMap(({ samplesMs }) => samplesMs)))
  return {
    size,
    machine: table.machine,
    runtime: table.runtime,
    callMs: table.callMs ?? 0,
    metronomeMs,
    entries: Object.keys(table.entries).length,
    rounds,
    correction,
    sum: agreement(networks.map(({ sumMs }) => sumMs), measuredMs),
    corrected: agreement(corrected, measuredMs),
    measuredTwice: rounds < 2 ? null : agreement(half(0), half(1)),
    drift: {
      fastest: Math.min(...beats) / median(beats), slowest: Math.max(...beats) / median(beats), pearsonWithout: pearson(corrected, undivided)
    },
    networks
  }
}

export function studyText({ size, rounds, sum, corrected, measuredTwice, correction, drift }: Study): string {
  const line = (name: string, { networks, pearson: r, rankNearBudget, networksNearBudget, budgetMs, medianError, worstError }: Agreement): string => (
    `${name}: ${networks} networks, Pearson ${r.toFixed(4)}, rank near ${budgetMs.toFixed(1)} ms ${rankNearBudget.toFixed(3)} (${networksNearBudget}), ` +
    `median error ${(100 * medianError).toFixed(1)} %, worst ${(100 * worstError).toFixed(1)} %`
  )
  return [
    `${size}, ${rounds} rounds`,
    line('  sum', sum),
    line('  corrected', corrected),
    ...(measuredTwice === null ? [] : [line('  measured twice', measuredTwice)]),
    `  correction ${JSON.stringify(correction)}`,
    `  drift ${JSON.stringify(drift)}`
  ].join('\n')
}

function byNetwork(visits: readonly KeptVisit[]): Map<string, KeptVisit[]> {
  const groups = new Map<string, KeptVisit[]>()
  for (const visit of visits) groups.set(visit.network, [...(groups.get(visit.network) ?? []), visit])
  return groups
}
