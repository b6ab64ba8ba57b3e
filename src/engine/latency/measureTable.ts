/**
 * Measures a latency table on this machine.
 *
 * Every entry is the part alone in ONNX Runtime, between an input and an output in memory. A call costs something even if it computes
 * nothing (some 20 to 30 microseconds). A network of 30 parts is called once, not 30 times, so this cost is measured with an identity,
 * taken off every entry, and written into the table as `callMs`. Nothing else is taken off. What remains between the sum of the parts
 * and the whole network: each part alone brings its maps into and out of the runtime's blocked layout, which neighbours in a network
 * share, and concatenations are no parts.
 */
import { latencyKeyText } from '../../shared/latencyTable.js'
import type { LatencyEntry, LatencyKey, LatencyTable } from '../../shared/latencyTable.js'
import type { NetworkGraph } from '../../shared/networkGraph.js'
import { partGraph } from '../../core/networkBuilder.js'
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
  /** Most milliseconds an entry may take, warm-up included; default 1000. */
  capMs?: number
  onProgress?: (done: number, total: number) => void
  /** Asked before every entry. */
  stopRequested?: () => boolean
}

/** Times every key once (equal keys are one entry). Null if a stop was requested. */
export async function measureTable(keys: LatencyKey[], options: MeasureTableOptions): Promise<LatencyTable | null> {
  const { name, height, width, threads, warmup, repeats, capMs = 1000 } = options
  const timing: TimingOptions = { threads, warmup, repeats, capMs }
  const callMs = robustSummary(await timeGraph(identityGraph, { ...timing, repeats: 200 })).medianMs
  const distinct = new Map(keys.map((key) => [latencyKeyText(key), key]))
  const entries: Record<string, LatencyEntry> = {}
  let done = 0
  for (const [text, key] of distinct) {
    if (options.stopRequested?.() === true) return null
    const summary = robustSummary(await timeGraph(partGraph(key, options.baseWidth), timing))
    entries[text] = { ...summary, medianMs: Math.max(0, summary.medianMs - callMs) }
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
    callMs,
    measuredAt: new Date().toISOString(),
    entries
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
