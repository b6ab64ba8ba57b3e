/**
 * Measures a latency table on this machine.
 *
 * What is wanted is numbers whose sum is the latency of a network. A part is therefore timed as it stands in one (probes.ts says how): a
 * call of a network with the part and a call of the same network without it take turns, and the part is the median of their differences.
 * All parts are visited in several rounds, each visit beside the metronome, so that what the machine did meanwhile does not
 * decide which part is dear. A network is called once: that is `callMs`, and in no entry. docs/decisions/012 has what this reaches.
 */
import { partGraph } from '../../core/networkBuilder.js'
import { latencyKeyText } from '../../shared/latencyTable.js'
import type { LatencyEntry, LatencyKey, LatencyTable } from '../../shared/latencyTable.js'
import type { NetworkGraph } from '../../shared/networkGraph.js'
import { leastMs } from './leastMs.js'
import { thisMachine, thisRuntime } from './machine.js'
import { openMetronome, paceOf, roundFactors, type Metronome } from './metronome.js'
import { openTimed, type OpenTimed, type TimedModel } from './openTimed.js'
import { probeOf, type Probe, type TimedGraph } from './probes.js'
import { robustSummary } from './robustSummary.js'

export interface MeasureTableOptions {
  name: string
  /** Target image size in pixels. */
  height: number
  width: number
  /** Of the search space; makes the stem's inner channels exact. */
  baseWidth: number
  threads: number
  /** Untimed calls of each network at each visit. */
  warmup: number
  /** Timed calls of each part, at least; quick parts are timed more often. */
  repeats: number
  /** Most milliseconds that a part is timed for at one visit, warm-up included; default 400. At least one call is timed. */
  capMs?: number
  onProgress?: (done: number, total: number) => void
  /** Asked before every visit. */
  stopRequested?: () => boolean
}

/** How often all parts are visited, where they are timed at least twice as often. */
const mostRounds = 5
/** A part is timed until this long has passed, or `mostTimesRepeats` times as often as asked. */
const visitMs = 15
const mostTimesRepeats = 10

/** Times every key (equal keys are one entry). Null if a stop was requested. `open` is for tests. */
export async function measureTable(
  keys: LatencyKey[],
  options: MeasureTableOptions,
  open: OpenTimed = openTimed
): Promise<LatencyTable | null> {
  const { name, height, width, threads, warmup, repeats, baseWidth } = options
  const parts = distinctParts(keys, options)
  const metronome = await openMetronome(open, threads)
  const visits: Visit[][] = []
  try {
    const rounds = roundsOf(repeats)
    for (let round = 0; round < rounds; round++) {
      const bench = new Bench(open, metronome, options, rounds)
      const ofRound: Visit[] = []
      visits.push(ofRound)
      try {
        for (const part of parts) {
          if (options.stopRequested?.() === true) return null
          ofRound.push(await bench.visit(part))
          options.onProgress?.(round * parts.length + ofRound.length, rounds * parts.length)
        }
      } finally {
        await bench.close()
      }
    }
  } finally {
    await metronome.close()
  }
  const { metronomeMs, medians } = atOnePace(visits)
  const { [callName]: call, ...measured } = medians
  const byText = new Map(keys.map((key) => [latencyKeyText(key), partGraph(key, baseWidth)]))
  return {
    version: 1,
    name,
    height,
    width,
    machine: thisMachine(),
    runtime: thisRuntime(threads),
    warmup,
    repeats,
    callMs: call.medianMs,
    clock: threads === 1 ? 'processor' : 'wall',
    metronomeMs,
    measuredAt: new Date().toISOString(),
    entries: leastMs(measured, byText)
  }
}

export function roundsOf(repeats: number): number {
  return Math.max(1, Math.min(mostRounds, Math.floor(repeats / 2)))
}

/** Something to time: the difference of two networks, or where nothing is taken off, one. */
interface Part {
  text: string
  whole: TimedGraph
  without?: TimedGraph
}

const callName = 'call'

/** Sorted so that parts with the same carrier follow each other; the call is first. */
function distinctParts(keys: LatencyKey[], { height, baseWidth }: MeasureTableOptions): Part[] {
  const parts = [...new Map(keys.map((key) => [latencyKeyText(key), key]))].map(([text, key]): Part & { order: string } => {
    const probe: Probe = probeOf(key, { height, baseWidth, keys })
    return { text, ...probe, order: JSON.stringify(probe.without) }
  })
  parts.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))
  return [{ text: callName, whole: { graph: identityGraph, corners: [] } }, ...parts]
}

interface Visit {
  text: string
  samplesMs: number[]
  beatsMs: number[]
}

/** One round: keeps the last carrier open, because the next part mostly has the same. */
class Bench {
  private carrier: { order: string; model: TimedModel } | undefined
  private readonly repeats: number

  constructor(
    private readonly open: OpenTimed,
    private readonly metronome: Metronome,
    private readonly options: MeasureTableOptions,
    rounds: number
  ) {
    this.repeats = Math.ceil(options.repeats / rounds)
  }

  async visit({ text, whole, without }: Part): Promise<Visit> {
    const { threads, warmup, capMs = 400 } = this.options
    const less = without && (await this.openCarrier(without))
    const model = await this.open(whole, threads)
    try {
      const started = performance.now()
      const spentMs = (): number => performance.now() - started
      for (let call = 1; call < warmup && spentMs() < capMs; call++) await callBoth(model, less)
      const beatsMs = await this.metronome.beat()
      const samplesMs = [await callBoth(model, less)]
      const isEnough = (): boolean => samplesMs.length >= this.repeats && (spentMs() > visitMs || samplesMs.length >= mostTimesRepeats * this.repeats)
      while (spentMs() < capMs && !isEnough()) samplesMs.push(await callBoth(model, less))
      beatsMs.push(...(await this.metronome.beat()))
      return { text, samplesMs, beatsMs }
    } finally {
      await model.close()
    }
  }

  async close(): Promise<void> {
    await this.carrier?.model.close()
    this.carrier = undefined
  }

  private async openCarrier(without: TimedGraph): Promise<TimedModel> {
    const order = JSON.stringify(without)
    if (this.carrier?.order === order) return this.carrier.model
    await this.close()
    const model = await this.open(without, this.options.threads)
    this.carrier = { order, model }
    return model
  }
}

/** The two calls follow each other at once, so that both meet the same machine. */
async function callBoth(whole: TimedModel, without: TimedModel | undefined): Promise<number> {
  const withoutMs = without === undefined ? 0 : await without.timeOnce()
  return (await whole.timeOnce()) - withoutMs
}

/** Every round brought to the metronome's median pace; all visits of a part are then one sample. */
function atOnePace(rounds: Visit[][]): { metronomeMs: LatencyEntry; medians: Record<string, LatencyEntry> } {
  const beats = rounds.map((visits) => visits.map(({ beatsMs }) => beatsMs))
  const paceMs = paceOf(beats.flat())
  const factors = roundFactors(beats, paceMs)
  const samples = new Map<string, number[]>()
  rounds.forEach((visits, round) => visits.forEach(({ text, samplesMs }) => {
    samples.set(text, [...(samples.get(text) ?? []), ...samplesMs.map((sampleMs) => sampleMs * factors[round])])
  }))
  const medians = Object.fromEntries([...samples].map(([text, all]) => [text, robustSummary(all)]))
  return { metronomeMs: { ...robustSummary(beats.flat(2)), medianMs: paceMs }, medians }
}

/** A ReLU of one number: what is left is the call. */
const identityGraph: NetworkGraph = {
  nodes: [
    { kind: 'input', name: 'input', inputs: [], output: { height: 1, width: 1, channels: 1 } },
    { kind: 'relu', name: 'output', inputs: ['input'], output: { height: 1, width: 1, channels: 1 } }
  ],
  outputs: ['output']
}
