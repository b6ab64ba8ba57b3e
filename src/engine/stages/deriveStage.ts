/**
 * Stage `derive`: from every search's logits to teacher and student; hands over architectures/VARIANT/{teacher,student}.json. The first
 * variant's are the run's networks: networks/{teacher,student}/architecture.json.
 */
import { networkCost } from '../../core/cost.js'
import { tableLatencyMs } from '../../core/latency/tableLatency.js'
import { derivedGraph } from '../../core/networkBuilder.js'
import type { Architecture } from '../../shared/architecture.js'
import type { Settings } from '../../shared/config/settings.js'
import { ArchitectureParameters } from '../search/architectureParameters.js'
import { choosePair } from '../search/choosePair.js'
import { takePrefixed } from '../steps/prefixedTensors.js'
import { compareCandidates } from './compareCandidates.js'
import { runTable, runTargetMs } from './latencyStage.js'
import { searchFile, searchVariants } from './searchStage.js'
import { architectureFile } from './runOutputs.js'
import type { StagePlan } from './stageTable.js'
import { openSupernetTrainer, supernetJudge } from './supernetParts.js'
import type { Workplace } from './workplace.js'

export function deriveStage(settings: Settings['search']): StagePlan {
  return {
    stage: 'derive',
    steps: 0,
    async run(workplace) {
      const variants = searchVariants(settings)
      for (const variant of variants) {
        if (!(await deriveVariant(workplace, variant, variant === variants[0]))) return false
      }
      return true
    }
  }
}

/** @returns false where a stop was asked for while candidates were compared */
async function deriveVariant(workplace: Workplace, variant: string, main: boolean): Promise<boolean> {
  const { context, outputs, space, pairs } = workplace
  const { search } = context.settings
  const stored = outputs.readTensors(searchFile(variant))
  const trainer = openSupernetTrainer(workplace, search, takePrefixed(stored, 'weights'))
  try {
    for (const role of ['teacher', 'student'] as const) {
      const parameters = new ArchitectureParameters(space, role === 'teacher' ? 1 : space.widths.length)
      parameters.values.set(takePrefixed(stored, `architecture/${role}`).get('logits')?.data ?? [])
      const logits = parameters.logits()
      const { architecture: likeliest, pair, judged } = await choosePair({
        role,
        variant,
        logits,
        pairs,
        table: runTable(workplace),
        judge: supernetJudge(workplace, trainer),
        targetLatencyMs: runTargetMs(workplace),
        latencyExponent: search.latencyExponent
      })
      // Only the student that is trained is worth the minutes.
      const compares = role === 'student' && main && search.candidates > 1
      const architecture = compares ? await compareCandidates(workplace, variant, { architecture: likeliest, logits, pair }) : likeliest
      if (!architecture) return false
      judged.forEach((event) => context.emit(event))
      announceDerived(workplace, { variant, network: role, trained: main }, architecture)
      outputs.writeArchitecture(`architectures/${variant}/${role}.json`, architecture)
      if (main) outputs.writeArchitecture(architectureFile(role), architecture)
    }
    return true
  } finally {
    trainer.dispose()
  }
}

/** Announces an architecture with its cost at the target size. */
export function announceDerived(
  workplace: Workplace, derived: { variant: string; network: 'teacher' | 'student' | 'handmade'; trained: boolean }, architecture: Architecture
): void {
  const { context } = workplace
  const { height, width } = context.settings.latency
  const { parameters, multiplyAdds } = networkCost(derivedGraph(architecture, { height, width, auxiliaryHeads: false }))
  const predictedLatencyMs = tableLatencyMs(architecture, runTable(workplace))
  context.emit({ type: 'derived', ...derived, architecture, parameters, multiplyAdds, predictedLatencyMs })
}
