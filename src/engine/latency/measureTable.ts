/**
 * Measures a latency table on this machine.
 *
 * What is wanted is numbers whose sum is the latency of a network. A part is therefore timed as it stands in one, behind a convolution
 * (carriedGraph.ts says why), and the time of that convolution alone is taken off; the stem, which a network begins with, is timed alone,
 * less the cost of a call. The cost of a call is in the table as `callMs`, for a network is called once. What still differs: concatenations
 * are no parts, and a convolution behind a resize has its map reordered. docs/decisions/latency-table.md has the measured difference.
 */
import { latencyKeyText } from '../../shared/latencyTable.js'
import type { LatencyEntry, LatencyKey, LatencyTable } from '../../shared/latencyTable.js'
import type { MapShape, NetworkGraph } from '../../shared/networkGraph.js'
import { partGraph } from '../../core/networkBuilder.js'
import { carriedGraph, carrierChannels, carrierGraph } from './carriedGraph.js'
import { thisMachine, thisRuntime } from './machine.js'
import { robustSummary } from './robustSummary.js'
import { timeGraph } from './timeGraph.js'
import type { TimingOptions } from './timeGraph.js'

export interface MeasureTableOptions {
  name: string
  /** Target image size in pixels; recorded, the keys say what is timed. */
  height: number
  width: number
  /** Of the search space; makes the stem's inner channels exact. */
  baseWidth: number
  threads: number
  warmup: number
  repeats: number
  /** Most milliseconds a measurement may take, warm-up included; default 1000. */
  capMs?: number
  onProgress?: (done: number, total: number) => void
  /** Asked before every entry. */
  stopRequested?: () => boolean
}

/** Times every key once (equal keys are one entry). Null if a stop was requested. */
export async function measureTable(keys: LatencyKey[], options: MeasureTableOptions): Promise<LatencyTable | null> {
  const { name, height, width, threads, warmup, repeats, capMs = 1000 } = options
  const timing: TimingOptions = { threads, warmup, repeats, capMs }
  const call = robustSummary(await timeGraph(identityGraph, { ...timing, repeats: 200 }))
  const timeCarrier = rememberedCarriers(timing)
  const distinct = new Map(keys.map((key) => [latencyKeyText(key), key]))
  const entries: Record<string, LatencyEntry> = {}
  let done = 0
  for (const [text, key] of distinct) {
    if (options.stopRequested?.() === true) return null
    const part = partGraph(key, options.baseWidth)
    if (key.part === 'stem') entries[text] = lessen(robustSummary(await timeGraph(part, timing)), call)
    else {
      const channels = carrierChannels(key, keys)
      const carrier = await timeCarrier(part.nodes[0].output, channels)
      entries[text] = lessen(robustSummary(await timeGraph(carriedGraph(part, channels), timing)), carrier)
    }
    options.onProgress?.(++done, distinct.size)
  }
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
    measuredAt: new Date().toISOString(),
    entries
  }
}

/** Many parts read maps of one shape; its carrier is timed once, twice as often as a part. */
function rememberedCarriers(timing: TimingOptions): (shape: MapShape, channels: number) => Promise<LatencyEntry> {
  const known = new Map<string, LatencyEntry>()
  return async (shape, channels) => {
    const text = `${shape.height}x${shape.width} ${channels}>${shape.channels}`
    const entry = known.get(text) ?? robustSummary(await timeGraph(carrierGraph(shape, channels), { ...timing, repeats: 2 * timing.repeats }))
    known.set(text, entry)
    return entry
  }
}

/** The difference of two independent measurements. A part too small to be seen costs nothing, not less. */
function lessen(whole: LatencyEntry, off: LatencyEntry): LatencyEntry {
  return {
    medianMs: Math.max(0, whole.medianMs - off.medianMs),
    deviationMs: Math.hypot(whole.deviationMs, off.deviationMs),
    count: whole.count
  }
}

/** A ReLU of one number: what is left is the call. */
const identityGraph: NetworkGraph = {
  nodes: [
    { kind: 'input', name: 'input', inputs: [], output: { height: 1, width: 1, channels: 1 } },
    { kind: 'relu', name: 'output', inputs: ['input'], output: { height: 1, width: 1, channels: 1 } }
  ],
  outputs: ['output']
}
