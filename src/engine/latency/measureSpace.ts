/** Measures the table of a whole search space, and where networks are asked for, what sums of its entries miss. */
import { fitCorrection } from '../../core/latency/fitCorrection.js'
import { latencyKeys } from '../../core/latency/latencyKeys.js'
import { randomNetworks } from '../../core/latency/randomNetworks.js'
import type { SearchSpace } from '../../shared/architecture.js'
import type { LatencySettings } from '../../shared/config/settings.js'
import { AppError } from '../../shared/errors.js'
import type { LatencyTable } from '../../shared/latencyTable.js'
import { measureNetworks } from './measureNetworks.js'
import { measureTable } from './measureTable.js'
import { openTimed, type OpenTimed } from './openTimed.js'

export interface MeasureSpaceHooks {
  onProgress: (task: 'operators' | 'networks', done: number, total: number) => void
  stopRequested: () => boolean
}

/** The networks are the same on every machine. */
const seed = 1
const rounds = 5

/**
 * Null if a stop was requested. `open` is for tests. Throws latency.few-networks where the space has too few different networks to learn
 * from.
 */
export async function measureSpace(
  space: SearchSpace, settings: LatencySettings, hooks: MeasureSpaceHooks, open: OpenTimed = openTimed
): Promise<LatencyTable | null> {
  const { height, width, threads, warmup, repeats } = settings
  const networks = randomNetworks(space, { count: settings.networks, seed, stream: 'latency-fit' })
  if (settings.networks > 0 && networks.length < leastNetworks) {
    throw new AppError('latency.few-networks', `The space has ${networks.length} different networks, and a correction needs ${leastNetworks}.`)
  }
  const { stopRequested } = hooks
  const table = await measureTable(latencyKeys(space, { height, width }), {
    name: 'this machine', height, width, baseWidth: space.baseWidth, threads, warmup, repeats, stopRequested,
    onProgress: (done, total) => hooks.onProgress('operators', done, total)
  }, open)
  if (table === null || networks.length === 0) return table
  const measured = await measureNetworks(networks, {
    height, width, threads, warmup, repeats, rounds, stopRequested, paceMs: table.metronomeMs?.medianMs ?? 0,
    onProgress: (done, total) => hooks.onProgress('networks', done, total)
  }, open)
  if (measured === null) return null
  const pairs = networks.map((architecture, index) => ({ architecture, latencyMs: measured[index].medianMs }))
  return { ...table, correction: fitCorrection(table, pairs, { seed, rounds }) }
}

/** As many as the correction has numbers, and a few to say no. */
const leastNetworks = 12
