/** The stages that work on the supernet: pretraining, one or two searches, derivation. */
import { operators, type SearchSpace } from '../shared/architecture.js'
import { cropSize } from '../shared/config/cropSize.js'
import type { Settings } from '../shared/config/settings.js'
import { forwardEffort, stepEffort, sumOfEfforts, times, type Effort } from './effort.js'
import { imageCounts } from './imageCounts.js'
import { judgedImages } from './judgedImages.js'
import { forwardMapBytes, supernetMapBytes, type LayerWork } from './layerWork.js'
import { taskWork, type StageWork } from './stageWork.js'
import { candidatesWork } from './trainWork.js'
import { passesWork, pretrainPasses, searchPasses, supernetWeightBytes, supernetWork, type SupernetWork } from './supernetWork.js'

/**
 * An architecture step runs the passes of a weight step without the gradients of the filters: a third fewer multiply-adds. Its kernel
 * calls are measured at 0.8 of a weight step's.
 */
const architectureLayerShare = 0.8
const architectureMultiplyAddShare = 2 / 3
/** Weights, velocities, the gradients of the step and of one pass of it, and what a checkpoint copies out. */
const weightCopies = 6
/** A further pass worker has weights and gradients of its own, and shares a block of each. */
const copiesOfAWorker = 5
/** The weights before, the step's gradients on half A, and the direction in which the weights are moved aside. */
const furtherCopiesOfSecondOrder = 3
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

/** At the size of the crops that the stage sees. */
function cropsWork({ data, space: { branchPairs } }: Settings, space: SearchSpace, stage: 'pretrain' | 'search'): SupernetWork {
  const { cropHeight: height, cropWidth: width } = cropSize(data, stage)
  return supernetWork(space, branchPairs, { height, width })
}

/** The backward pass of one pass is over before the worker's next pass begins. */
function memory(settings: Settings, space: SearchSpace, work: SupernetWork, batch: number, copies: number): Pick<StageWork, 'mapBytes' | 'weightBytes'> {
  const workers = Math.min(settings.run.passWorkers, searchPasses(space).length)
  return {
    mapBytes: supernetMapBytes(passesWork(work, [{ role: 'teacher', share: 1 }])) * batch * workers,
    weightBytes: (copies + (workers - 1) * copiesOfAWorker) * supernetWeightBytes(work)
  }
}

function judgedMapBytes(settings: Settings, space: SearchSpace): number {
  const { searchSize } = imageCounts(settings.data, settings.latency)
  return forwardMapBytes(passesWork(supernetWork(space, settings.space.branchPairs, searchSize), [{ role: 'teacher', share: 1 }]))
}

function pretrainWork(settings: Settings, space: SearchSpace): StageWork {
  const { epochs, stepsPerEpoch, batch, heads } = settings.pretrain
  const steps = epochs * stepsPerEpoch
  const work = cropsWork(settings, space, 'pretrain')
  const step = stepEffort(passesWork(work, pretrainPasses(space, heads)), batch)
  return { stage: 'pretrain', steps, ...memory(settings, space, work, batch, weightCopies), ...times(steps, step) }
}

function searchOnce(settings: Settings, space: SearchSpace): StageWork {
  const { epochs, stepsPerEpoch, batch, order } = settings.search
  const steps = epochs * stepsPerEpoch
  const work = cropsWork(settings, space, 'search')
  const weightStep = stepEffort(passesWork(work, searchPasses(space)), batch)
  const architectureGradients = {
    layerRuns: weightStep.layerRuns * architectureLayerShare,
    multiplyAdds: weightStep.multiplyAdds * architectureMultiplyAddShare,
    otherSeconds: 0
  }
  // Second order: the weights' gradients on half A and B, and the architecture's on both sides of the weights.
  const architectureStep = order === 'first' ? architectureGradients : sumOfEfforts([times(2, weightStep), times(2, architectureGradients)])
  const effort = sumOfEfforts([
    times(steps, sumOfEfforts([weightStep, architectureStep])),
    times(epochs, supernetJudged(settings, space, 1))
  ])
  const { mapBytes, weightBytes } = memory(settings, space, work, batch, order === 'first' ? weightCopies : weightCopies + furtherCopiesOfSecondOrder)
  return { stage: 'search', steps, mapBytes: Math.max(mapBytes, judgedMapBytes(settings, space)), weightBytes, ...effort }
}

/** Teacher and student within the supernet, judged once each; `share` of the cells' operators run. */
function supernetJudged(settings: Settings, space: SearchSpace, share: number): Effort {
  const { selection, searchSize } = imageCounts(settings.data, settings.latency)
  const { branchPairs } = settings.space
  const predictions = share === 1 ? 5 : branchPairs.length
  const onCrops = cropsWork(settings, space, 'search')
  const onImages = supernetWork(space, branchPairs, searchSize)
  return sumOfEfforts(
    (['teacher', 'student'] as const).flatMap((role) => {
      const forward = (work: typeof onCrops): LayerWork => sumOfChosen(work.cells, work[role], share)
      return [
        times(statisticsBatches, forwardEffort(forward(onCrops), settings.search.batch)),
        judgedImages(selection, forward(onImages), searchSize, predictions)
      ]
    })
  )
}

function sumOfChosen(cells: LayerWork, ends: LayerWork, share: number): LayerWork {
  return {
    layers: cells.layers * share + ends.layers,
    multiplyAdds: cells.multiplyAdds * share + ends.multiplyAdds,
    mapBytes: cells.mapBytes * share + ends.mapBytes,
    weightBytes: cells.weightBytes + ends.weightBytes
  }
}
