/** What every thread of a team does, the step's own as well as those that help it. */
import { GradientSum } from '../tensor/gradientSum.js'
import { tf } from '../tensor/tf.js'
import { architectureGradients } from './architectureGradients.js'
import type { PassAnswer, PassRequest } from './passMessages.js'
import type { SharedTraining } from './sharedTraining.js'
import { supernetBatch, type StepBatch, type SupernetBatch } from './supernetBatch.js'
import { withWeightPasses } from './supernetStep.js'
import type { SupernetTrainer } from './supernetTrainer.js'
import { addGradients, moveWeights, placeShare } from './weightUpdate.js'

export class PassWorker {
  private readonly sum: GradientSum
  private readonly share: [number, number]

  /** The trainer's weights must lie in `shared`. */
  constructor(private readonly trainer: SupernetTrainer, private readonly shared: SharedTraining, thread: number) {
    const { sums, present } = shared.gradients[thread]
    this.sum = new GradientSum(shared.places, sums, present)
    this.share = placeShare(shared, thread, shared.gradients.length)
  }

  answer(request: PassRequest): PassAnswer {
    switch (request.ask) {
      case 'passes':
        return onTensors(request.batch, (batch) => this.passes(request, batch))
      case 'add':
        return { squares: addGradients(this.shared, this.share) }
      case 'move':
        moveWeights(this.shared, this.share, request.move)
        return { moved: true }
    }
  }

  dispose(): void {
    this.sum.dispose()
  }

  private passes({ step, names }: Extract<PassRequest, { ask: 'passes' }>, batch: SupernetBatch): PassAnswer {
    if (step.kind === 'architecture') return { architecture: architectureGradients(this.trainer, batch, step, names) }
    const { space } = this.trainer.supernet
    return { losses: withWeightPasses(space, step, names, (passes) => this.trainer.addWeightGradients(batch, passes, this.sum)) }
  }
}

function onTensors<Result>(arrays: StepBatch, use: (batch: SupernetBatch) => Result): Result {
  const batch = supernetBatch(arrays)
  try {
    return use(batch)
  } finally {
    tf.dispose([batch.images, batch.labels])
  }
}
