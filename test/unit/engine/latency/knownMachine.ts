/** A machine whose times are known: every layer has a price, the machine drifts, and now and then another program comes between. */
import { randomStream } from '../../../../src/core/random.js'
import type { OpenTimed } from '../../../../src/engine/latency/openTimed.js'
import type { TimedGraph } from '../../../../src/engine/latency/probes.js'
import type { NetworkGraph } from '../../../../src/shared/networkGraph.js'

export const callMs = 0.03
const cornerMs = 0.004

/** Milliseconds of one call at the machine's proper speed. */
export function graphMs({ graph, corners }: TimedGraph): number {
  return callMs + cornerMs * corners.length + layersMs(graph)
}

export function layersMs(graph: NetworkGraph): number {
  return graph.nodes.reduce((sum, node) => {
    const { height, width, channels } = node.output
    const values = height * width * channels
    if (node.kind === 'input') return sum
    return sum + 0.002 + 1e-6 * values * (node.kind === 'conv' ? 1 + 0.02 * node.inChannels * node.kernel ** 2 : 2)
  }, 0)
}

export interface KnownMachine {
  open: OpenTimed
  /** What was opened, and how often each was called before it was closed. */
  opened: { timed: TimedGraph; threads: number; calls: number; closed: boolean }[]
}

/** `slowness(call)`: factor at the given call, counted over everything. `hiccups`: share of calls that take 20 ms longer. */
export function knownMachine({ slowness = () => 1, hiccups = 0 }: { slowness?: (call: number) => number; hiccups?: number } = {}): KnownMachine {
  const random = randomStream(1, 'hiccups')
  const opened: KnownMachine['opened'] = []
  let calls = 0
  return {
    opened,
    open(timed, threads) {
      const record = { timed, threads, calls: 0, closed: false }
      opened.push(record)
      return Promise.resolve({
        timeOnce() {
          record.calls++
          const extraMs = random.uniform() < hiccups ? 20 : 0
          return Promise.resolve(graphMs(timed) * slowness(calls++) + extraMs)
        },
        close() {
          record.closed = true
          return Promise.resolve()
        }
      })
    }
  }
}
