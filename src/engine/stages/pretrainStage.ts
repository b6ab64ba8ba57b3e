/** Stage `pretrain`: the supernet's weights before the architecture moves; hands over outputs/pretrained.safetensors. */
import { Pretrainer } from '../search/pretrainer.js'
import { addPrefixed, takePrefixed } from '../steps/prefixedTensors.js'
import type { Weight } from '../graph/weights.js'
import type { Settings } from '../../shared/config/settings.js'
import type { StoredTensor } from '../../storage/safetensors.js'
import { openPassTeam } from '../search/openPassTeam.js'
import type { StagePlan } from './stageTable.js'
import { openSupernetTrainer } from './supernetParts.js'
import { trainSteps } from './trainSteps.js'
import { openLoader, type Workplace } from './workplace.js'

const file = 'pretrained.safetensors'

export function pretrainStage(settings: Settings['pretrain']): StagePlan {
  return {
    stage: 'pretrain',
    steps: settings.epochs * settings.stepsPerEpoch,
    async run(workplace, place) {
      const { context, split, outputs } = workplace
      const trainer = openSupernetTrainer(workplace, settings)
      const loader = openLoader(workplace, split.halfA, { batch: settings.batch, stream: 'pretrain', crops: 'pretrain' })
      const pretrainer = new Pretrainer({ trainer, team: openPassTeam(trainer, context.settings.run.passWorkers), settings, seed: context.settings.seed, loader, emit: (event) => context.emit(event) })
      try {
        if (!(await trainSteps(context, { stage: 'pretrain' }, place, pretrainer))) return false
        const tensors = new Map<string, StoredTensor>()
        addPrefixed(tensors, 'weights', trainer.weights.read())
        outputs.writeTensors(file, tensors)
        return true
      } finally {
        pretrainer.dispose()
      }
    }
  }
}

export function pretrainedWeights({ outputs }: Workplace): Map<string, Weight> {
  return takePrefixed(outputs.readTensors(file), 'weights')
}
