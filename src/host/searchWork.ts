/** The stages that work on the supernet: pretraining, one or two searches, derivation. */
import { operators, type SearchSpace } from '../shared/architecture.js'
import type { Settings } from '../shared/config/settings.js'
import { forwardEffort, stepEffort, sumOfEfforts, times, type Effort } from './effort.js'
import { imageCounts } from './imageCounts.js'
import { judgedImages } from './judgedImages.js'
import { forwardMapBytes, type LayerWork } from './layerWork.js'
import { taskWork, type StageWork } from './stageWork.js'
import { candidatesWork } from './trainWork.js'
import { passesWork, pretrainPasses, searchPasses, supernetWork } from './supernetWork.js'

/**
 * An architecture step runs the passes of a weight step without the gradients of the filters: a third fewer multiply-adds. Its kernel
 * calls are measured at 0.8 of a weight step's.
 */
const architectureLayerShare = 0.8
const architectureMultiplyAddShare = 2 / 3
/** Training batches from which batch statistics are estimated before the supernet is judged (stages/supernetParts). */
const statisticsBatches = 4
/** One of all operators runs in a cell whose choice is made. */
const chosenShare = 1 / operators.length

export function searchWork(settings: Settings, space: SearchSpace): StageWork[] {
  const { search } = settings
  const variants = search.latencyTerm === 'both' ? ['decoupled', 'joint'] : [search.latencyTerm]
  return [
    pretrainWork(settings, space),
    ...variants.map((variant) => ({ ...searchOnce(settings, space), variant })),
    taskWork('derive', sumOfEfforts([times(variants.length, supernetJudged(settings, space, chosenShare)), candidatesWork(settings, space)]))
  ].filter((stage) => stage.stage === 'derive' || stage.steps > 0)
}

/** At the size of the crops that the search sees. */
function cropsWork({ data, space: { branchPairs } }: Settings, space: SearchSpace): ReturnType<typeof supernetWork> {
  return supernetWork(space, branchPairs, {
    height: data.searchCropHeight || data.cropHeight,
    width: data.searchCropWidth || data.cropWidth
  })
}

/** The backward pass of one pass is over before the worker's next pass begins. */
function mapBytes(settings: Settings, space: SearchSpace, batch: number): number {
  const workers = Math.min(settings.run.passWorkers, searchPasses(space).length)
  return passesWork(cropsWork(settings, space), [{ role: 'teacher', share: 1 }]).mapBytes * batch * workers
}

function judgedMapBytes(settings: Settings, space: SearchSpace): number {
  const { size } = imageCounts(settings.data, settings.latency)
  return forwardMapBytes(passesWork(supernetWork(space, settings.space.branchPairs, size), [{ role: 'teacher', share: 1 }]))
}

function pretrainWork(settings: Settings, space: SearchSpace): StageWork {
  const { epochs, stepsPerEpoch, batch, heads } = settings.pretrain
  const steps = epochs * stepsPerEpoch
  const step = stepEffort(passesWork(cropsWork(settings, space), pretrainPasses(space, heads)), batch)
  return { stage: 'pretrain', steps, mapBytes: mapBytes(settings, space, batch), ...times(steps, step) }
}

function searchOnce(settings: Settings, space: SearchSpace): StageWork {
  const { epochs, stepsPerEpoch, batch } = settings.search
  const steps = epochs * stepsPerEpoch
  const weightStep = stepEffort(passesWork(cropsWork(settings, space), searchPasses(space)), batch)
  const architectureStep = {
    layerRuns: weightStep.layerRuns * architectureLayerShare,
    multiplyAdds: weightStep.multiplyAdds * architectureMultiplyAddShare,
    otherSeconds: 0
  }
  const effort = sumOfEfforts([
    times(steps, sumOfEfforts([weightStep, architectureStep])),
    times(epochs, supernetJudged(settings, space, 1))
  ])
  return { stage: 'search', steps, mapBytes: Math.max(mapBytes(settings, space, batch), judgedMapBytes(settings, space)), ...effort }
}

/** Teacher and student within the supernet, judged once each; `share` of the cells' operators run. */
function supernetJudged(settings: Settings, space: SearchSpace, share: number): Effort {
  const { selection, size } = imageCounts(settings.data, settings.latency)
  const { branchPairs } = settings.space
  const predictions = share === 1 ? 5 : branchPairs.length
  const onCrops = cropsWork(settings, space)
  const onImages = supernetWork(space, branchPairs, size)
  return sumOfEfforts(
    (['teacher', 'student'] as const).flatMap((role) => {
      const forward = (work: typeof onCrops): LayerWork => sumOfChosen(work.cells, work[role], share)
      return [
        times(statisticsBatches, forwardEffort(forward(onCrops), settings.search.batch)),
        judgedImages(selection, forward(onImages), size, predictions)
      ]
    })
  )
}

function sumOfChosen(cells: LayerWork, ends: LayerWork, share: number): LayerWork {
  return {
    layers: cells.layers * share + ends.layers,
    multiplyAdds: cells.multiplyAdds * share + ends.multiplyAdds,
    mapBytes: cells.mapBytes * share + ends.mapBytes
  }
}
