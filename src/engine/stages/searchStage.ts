/** Stage `search`, once a variant: hands over outputs/search-VARIANT.safetensors (weights, logits of teacher and student). */
import { latencyCosts } from '../../core/latency/latencyCosts.js'
import type { Settings } from '../../shared/config/settings.js'
import { Searcher, type SearchVariant } from '../search/searcher.js'
import { runTable, runTargetMs } from './latencyStage.js'
import { pretrainedWeights } from './pretrainStage.js'
import { openSearchTeam } from '../search/openSearchTeam.js'
import type { StagePlan } from './stageTable.js'
import { openSupernetTrainer, supernetJudge } from './supernetParts.js'
import { trainSteps } from './trainSteps.js'
import { openLoader } from './workplace.js'

export function searchVariants(settings: Settings['search']): SearchVariant[] {
  return settings.latencyTerm === 'both' ? ['decoupled', 'joint'] : [settings.latencyTerm]
}

export function searchFile(variant: string): string {
  return `search-${variant}.safetensors`
}

export function searchStage(settings: Settings['search'], variant: SearchVariant): StagePlan {
  return {
    stage: 'search',
    variant,
    steps: settings.epochs * settings.stepsPerEpoch,
    async run(workplace, place) {
      const { context, split, outputs, space, pairs } = workplace
      const trainer = openSupernetTrainer(workplace, settings, pretrainedWeights(workplace))
      const table = runTable(workplace)
      const searcher = new Searcher({
        variant,
        trainer,
        team: openSearchTeam(trainer, settings, context.settings.run.passWorkers),
        settings: { ...settings, targetLatencyMs: runTargetMs(workplace) },
        seed: context.settings.seed,
        pairs,
        table,
        costs: { student: latencyCosts(space, table, 'student'), teacher: latencyCosts(space, table, 'teacher') },
        weightLoader: openLoader(workplace, split.halfA, { batch: settings.batch, stream: 'search-weights', crops: 'search' }),
        architectureLoader: openLoader(workplace, split.halfB, { batch: settings.batch, stream: 'search-architecture', crops: 'search' }),
        judge: supernetJudge(workplace, trainer),
        emit: (event) => context.emit(event)
      })
      try {
        if (!(await trainSteps(context, { stage: 'search', variant }, place, searcher))) return false
        outputs.writeTensors(searchFile(variant), searcher.result())
        return true
      } finally {
        searcher.dispose()
      }
    }
  }
}
