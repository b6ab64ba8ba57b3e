/** SGD's velocities to and from a checkpoint. */
import type { Weight } from '../graph/weights.js'
import type { SgdMomentum } from '../tensor/sgdMomentum.js'
import { tf } from '../tensor/tf.js'

export function readVelocities(optimizer: SgdMomentum): Map<string, Weight> {
  const velocities = new Map<string, Weight>()
  for (const [name, velocity] of optimizer.velocities) velocities.set(name, { shape: [...velocity.shape], data: velocity.dataSync<'float32'>() })
  return velocities
}

export function restoreVelocities(optimizer: SgdMomentum, velocities: ReadonlyMap<string, Weight>): void {
  optimizer.restore(new Map([...velocities].map(([name, { shape, data }]) => [name, tf.tensor(data, shape, 'float32')])))
}
