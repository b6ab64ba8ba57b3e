/** Stage `latency`: the table that the search pays by, measured on this machine before anything is trained, or taken from a file. */
import path from 'node:path'
import { latencyKeys } from '../../core/latency/latencyKeys.js'
import { largestHandmade } from '../../core/handmade.js'
import { tableLatencyMs } from '../../core/latency/tableLatency.js'
import type { LatencyKey, LatencyTable } from '../../shared/latencyTable.js'
import type { RunInput } from '../../storage/runFolder.js'
import { measureSpace } from '../latency/measureSpace.js'
import { readTable, requireEntries } from '../../storage/latencyTableFile.js'
import type { StagePlan } from './stageTable.js'
import type { Workplace } from './workplace.js'

const inputName = 'latency-table.json'

export const latencyStage: StagePlan = {
  stage: 'latency',
  steps: 0,
  async run(workplace) {
    const { context, space } = workplace
    const { run, settings } = context
    if (!run.manifest.latencyTable) {
      const input = run.keptInput(inputName) ?? (await newInput(workplace, latencyKeys(space, settings.latency)))
      if (!input) return false
      run.updateManifest({ latencyTable: input, targetLatencyMs: targetOfShare(workplace, tableOf(context, input)) })
    }
    const { targetLatencyMs } = run.manifest
    // Also where the table was there already: what was written to the journal after the last checkpoint is written again.
    if (targetLatencyMs !== null) {
      const share = settings.search.targetLatencyShare
      context.emit({ type: 'note', text: `Target latency: ${targetLatencyMs.toFixed(2)} ms, ${share} of the largest hand-made network's.` })
    }
    return true
  }
}

/** Null where the target is a setting. */
function targetOfShare({ context, space }: Workplace, table: LatencyTable): number | null {
  const { targetLatencyMs, targetLatencyShare } = context.settings.search
  return targetLatencyMs > 0 ? null : targetLatencyShare * tableLatencyMs(largestHandmade(space), table)
}

/** Undefined where a stop was asked for while it was measured. */
async function newInput(workplace: Workplace, keys: LatencyKey[]): Promise<RunInput | undefined> {
  const { context } = workplace
  const given = context.settings.latency.table
  const table = given === '' ? await measured(workplace) : readTable(given)
  if (!table) return undefined
  requireEntries(table, keys, given === '' ? 'the measured table' : given)
  return context.run.addInput(inputName, `${JSON.stringify(table, null, 1)}\n`)
}

async function measured({ context, space }: Workplace): Promise<LatencyTable | null> {
  return measureSpace(space, context.settings.latency, {
    onProgress: (_, done, total) => context.progress('latency', done, total),
    stopRequested: () => context.control.stopRequested()
  })
}

/** The run's table. The stage `latency` has run. */
export function runTable({ context }: Workplace): LatencyTable {
  const input = context.run.manifest.latencyTable
  if (!input) throw new Error('the run has no latency table yet')
  return tableOf(context, input)
}

/** The run's target latency, in ms. The stage `latency` has run. */
export function runTargetMs({ context }: Workplace): number {
  const targetMs = context.settings.search.targetLatencyMs || context.run.manifest.targetLatencyMs
  if (!targetMs) throw new Error('the run has no target latency yet')
  return targetMs
}

function tableOf(context: Workplace['context'], input: RunInput): LatencyTable {
  // Checks the hash that the manifest vouches for.
  context.run.readInput(input)
  return readTable(path.join(context.folder, input.file))
}
