/** Times many whole networks in turn, so that each meets the machine in all its moods, and brings them to one pace. */
import { derivedGraph } from '../../core/networkBuilder.js'
import type { Architecture } from '../../shared/architecture.js'
import type { LatencyEntry } from '../../shared/latencyTable.js'
import { openMetronome, roundFactors, type Metronome } from './metronome.js'
import { openTimed, type OpenTimed, type TimedModel } from './openTimed.js'
import { robustSummary } from './robustSummary.js'

export interface NetworkVisit {
  samplesMs: number[]
  beatsMs: number[]
}

export interface MeasureNetworksOptions {
  height: number
  width: number
  threads: number
  /** Untimed calls at each visit. */
  warmup: number
  /** Timed calls of each network in all its visits, at least. */
  repeats: number
  rounds: number
  /** Pace of the metronome that latencies are brought to. */
  paceMs: number
  onProgress?: (done: number, total: number) => void
  stopRequested?: () => boolean
}

/** In the order of `networks`. Null if a stop was requested. `open` is for tests. */
export async function measureNetworks(
  networks: readonly Architecture[],
  options: MeasureNetworksOptions,
  open: OpenTimed = openTimed
): Promise<LatencyEntry[] | null> {
  const { rounds, repeats, threads } = options
  const metronome = await openMetronome(open, threads)
  const visits = networks.map((): NetworkVisit[] => [])
  const total = rounds * networks.length
  try {
    for (let done = 0; done < total; done++) {
      if (options.stopRequested?.() === true) return null
      const index = done % networks.length
      visits[index].push(await visitNetwork(networks[index], { ...options, repeats: Math.ceil(repeats / rounds) }, metronome, open))
      options.onProgress?.(done + 1, total)
    }
  } finally {
    await metronome.close()
  }
  return atPace(visits, options.paceMs)
}

async function visitNetwork(network: Architecture, options: MeasureNetworksOptions, metronome: Metronome, open: OpenTimed): Promise<NetworkVisit> {
  const { height, width, threads } = options
  const model = await open({ graph: derivedGraph(network, { height, width, auxiliaryHeads: false }), corners: [] }, threads)
  try {
    return await visitModel(model, metronome, options)
  } finally {
    await model.close()
  }
}

/** Calls the network `warmup - 1` times untimed (opening it called it once), then `repeats` times, the metronome before and after. */
export async function visitModel(
  model: TimedModel, metronome: Metronome, { warmup, repeats }: Pick<MeasureNetworksOptions, 'warmup' | 'repeats'>
): Promise<NetworkVisit> {
  for (let call = 1; call < warmup; call++) await model.timeOnce()
  const visit: NetworkVisit = { samplesMs: [], beatsMs: await metronome.beat() }
  while (visit.samplesMs.length < repeats) visit.samplesMs.push(await model.timeOnce())
  visit.beatsMs.push(...(await metronome.beat()))
  return visit
}

/** `visits[network][round]`: all calls of a network as one sample, each round brought to the pace. */
export function atPace(visits: readonly (readonly NetworkVisit[])[], paceMs: number): LatencyEntry[] {
  const rounds = Math.max(...visits.map((ofNetwork) => ofNetwork.length))
  const factors = roundFactors(Array.from({ length: rounds }, (_, round) => (
    visits.flatMap((ofNetwork) => (round < ofNetwork.length ? [ofNetwork[round].beatsMs] : []))
  )), paceMs)
  return visits.map((ofNetwork) => robustSummary(ofNetwork.flatMap(({ samplesMs }, round) => samplesMs.map((ms) => ms * factors[round]))))
}
