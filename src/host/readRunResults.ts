/** What a run came to, gathered from its journal: the rows of the final table. */
import { existsSync } from 'node:fs'
import type { Scores } from '../shared/events.js'
import { visitJournal } from '../storage/readJournal.js'
import type { RunFolder } from '../storage/runFolder.js'

export interface NetworkResult {
  network: string
  /** On images that training never saw. */
  scores?: Scores
  parameters?: number
  multiplyAdds?: number
  predictedLatencyMs?: number
  measuredLatencyMs?: number
}

export interface RunResults {
  networks: NetworkResult[]
  exported: { network: string; format: string; path: string; largestDifference: number; argmaxAgreement: number }[]
  summary: Record<string, number | string | null>
  finished: boolean
}

export function readRunResults(run: RunFolder): RunResults {
  const networks = new Map<string, NetworkResult>()
  const results: RunResults = { networks: [], exported: [], summary: {}, finished: false }
  const of = (network: string): NetworkResult => {
    const found = networks.get(network) ?? { network }
    networks.set(network, found)
    return found
  }
  if (!existsSync(run.journalPath)) return results
  visitJournal(run.journalPath, 1, (entry) => {
    if (entry.type === 'evaluated' && entry.split === 'val') of(entry.network).scores = entry.scores
    if (entry.type === 'derived' && entry.trained) {
      const { parameters, multiplyAdds, predictedLatencyMs } = entry
      Object.assign(of(entry.network), { parameters, multiplyAdds, predictedLatencyMs })
    }
    if (entry.type === 'latency-measured')
      Object.assign(of(entry.network), { predictedLatencyMs: entry.predictedMs, measuredLatencyMs: entry.measuredMs })
    if (entry.type === 'exported') {
      const { network, format, path, largestDifference, argmaxAgreement } = entry
      results.exported.push({ network, format, path, largestDifference, argmaxAgreement })
    }
    if (entry.type === 'run-finished') Object.assign(results, { summary: entry.summary, finished: true })
  })
  // Without distillation it is the same network, trained otherwise.
  const { parameters, multiplyAdds } = networks.get('student') ?? {}
  const plain = networks.get('plain')
  if (plain !== undefined && parameters !== undefined && multiplyAdds !== undefined) Object.assign(plain, { parameters, multiplyAdds })
  results.networks = [...networks.values()]
  return results
}
