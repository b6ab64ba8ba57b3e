/** The same steps by tensors alone, all passes on this thread: for a GPU, whose tensors are no memory of ours, and for tests to compare with. */
import { readVelocities, restoreVelocities } from '../steps/velocities.js'
import { tf } from '../tensor/tf.js'
import { architectureGradients } from './architectureGradients.js'
import { passShares } from './passShares.js'
import type { PassTeam } from './passTeam.js'
import { supernetBatch } from './supernetBatch.js'
import { withWeightPasses } from './supernetStep.js'
import type { SupernetTrainer } from './supernetTrainer.js'

export function plainPassTeam(trainer: SupernetTrainer): PassTeam {
  const { space } = trainer.supernet
  return {
    weightStep(step, batch, learningRate) {
      const tensors = supernetBatch(batch)
      try {
        const [names] = passShares(space, step, 1)
        const found = withWeightPasses(space, step, names, (passes) => trainer.weightGradients(tensors, passes))
        return Promise.resolve(trainer.applyGradients(found, learningRate))
      } finally {
        tf.dispose([tensors.images, tensors.labels])
      }
    },
    architectureGradients(step, batch) {
      const tensors = supernetBatch(batch)
      try {
        return Promise.resolve(architectureGradients(trainer, tensors, step, passShares(space, step, 1)[0]))
      } finally {
        tf.dispose([tensors.images, tensors.labels])
      }
    },
    velocities: () => readVelocities(trainer.optimizer),
    restore(weights, velocities) {
      trainer.weights.write(weights)
      restoreVelocities(trainer.optimizer, velocities)
    },
    close: () => undefined
  }
}
