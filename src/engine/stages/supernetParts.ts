/** The supernet of a run with its weights, and how it is judged; used by pretraining, search and derivation. */
import type { Weight } from '../graph/weights.js'
import type { OhemOptions } from '../loss/ohem.js'
import { initialSupernetWeights } from '../network/supernet/initialSupernetWeights.js'
import type { PredictionName } from '../network/supernet/layout.js'
import { Supernet } from '../network/supernet/supernet.js'
import { WeightStore } from '../network/weightStore.js'
import type { SupernetJudge } from '../search/supernetEvaluation.js'
import { SupernetTrainer } from '../search/supernetTrainer.js'
import { networkInput } from '../data/networkInput.js'
import { tf } from '../tensor/tf.js'
import { openLoader, searchSelectionSamples, type Workplace } from './workplace.js'

/** Training batches from which batch statistics are estimated before the supernet is judged. */
const statisticsBatches = 4

/** The published five; 8+16 and all three branches have a prediction of their own where they may be chosen. */
export function predictionNames({ pairs }: Pick<Workplace, 'pairs'>): PredictionName[] {
  const chosen = pairs.map((pair) => pair.join('+'))
  const further = (['8+16', '8+16+32'] as const).filter((name) => chosen.includes(name))
  return ['8', '16', '32', '8+32', '16+32', ...further]
}

/** With the given weights, or fresh ones. */
export function openSupernetTrainer(
  workplace: Workplace, settings: { momentum: number; weightDecay: number; clipNorm: number }, weights?: ReadonlyMap<string, Weight>
): SupernetTrainer {
  const { space, context } = workplace
  const predictions = predictionNames(workplace)
  const store = new WeightStore(weights ?? initialSupernetWeights(space, predictions, context.settings.seed))
  return new SupernetTrainer(new Supernet(space, predictions), store, supernetLossOptions(workplace), settings)
}

function supernetLossOptions({ context, classWeights }: Workplace): OhemOptions {
  const { ohemThreshold, ohemKeepFraction } = context.settings.search
  return {
    threshold: ohemThreshold,
    keepFraction: ohemKeepFraction,
    ...(classWeights ? { classWeights: tf.tensor1d(classWeights) } : {})
  }
}

export function supernetJudge(workplace: Workplace, trainer: SupernetTrainer): SupernetJudge {
  return {
    supernet: trainer.supernet,
    weights: trainer.weights,
    statisticsImages: () => statisticsImages(workplace),
    samples: () => searchSelectionSamples(workplace),
    toInput: networkInput
  }
}

async function* statisticsImages(workplace: Workplace): AsyncGenerator<tf.Tensor4D> {
  const { split, context } = workplace
  const loader = openLoader(workplace, split.halfA, { batch: context.settings.search.batch, stream: 'statistics', crops: 'search' })
  try {
    for (let step = 0; step < statisticsBatches; step++) {
      const { images, count, height, width } = await loader.next(step)
      yield tf.tensor4d(images, [count, height, width, 3])
    }
  } finally {
    loader.close()
  }
}
